import { idsOf, startAll, untilEnded } from './scrapes.ts';
import type { CapWorld, Meter, TemporalServer } from './world.ts';

/** Of one scrape, in the mean. */
interface Cost {
  storeCalls: number;
  /** Calls to the logs of caps. */
  capCalls: number;
  /** How long its purchase waited for its money, those with the same line side by side. */
  reserveMs: number;
  /** CPU of this process: worker, simulator and store. */
  cpuMs: number;
}

export interface Costs {
  scrapes: number;
  without: Cost;
  /** With a cap that has room for all. */
  with: Cost;
  good: boolean;
}

/** In turns, so that a machine that is busy for a while hurts both. The first turn only warms up. */
const TURNS = 3;

export async function compareCosts(world: CapWorld, howMany: number): Promise<Costs> {
  const server = await world.newServer();
  try {
    const costs: Record<'without' | 'with', Cost[]> = { without: [], with: [] };
    for (let turn = 0; turn <= TURNS; turn++) {
      for (const kind of ['without', 'with'] as const) {
        const cost = await costOf(world, server, idsOf(`${kind}-${turn}`, howMany), kind === 'with');
        if (turn > 0) costs[kind].push(cost);
      }
    }
    const [without, capped] = [mean(costs.without), mean(costs.with)];
    return { scrapes: TURNS * howMany, without, with: capped, good: without.capCalls === 0 };
  } finally {
    await server.lose();
  }
}

async function costOf(
  world: CapWorld,
  server: TemporalServer,
  ids: readonly string[],
  capped: boolean,
): Promise<Cost> {
  const workers = await server.startWorkers(capped ? { month: { credits: 1_000_000_000 } } : undefined);
  const before: Meter = { ...world.meter };
  const cpu = process.cpuUsage();
  await startAll(server, ids);
  await untilEnded(world, ids);
  const { user, system } = process.cpuUsage(cpu);
  await workers.stop();
  const each = (now: number, then: number): number => (now - then) / ids.length;
  return {
    // Looks of this bench at the records are among them, with and without a cap alike.
    storeCalls: each(world.meter.calls, before.calls),
    capCalls: each(world.meter.capCalls, before.capCalls),
    reserveMs: each(world.meter.reserveMs, before.reserveMs),
    cpuMs: (user + system) / 1_000 / ids.length,
  };
}

function mean(costs: readonly Cost[]): Cost {
  const of = (name: keyof Cost): number => costs.reduce((sum, cost) => sum + cost[name], 0) / costs.length;
  return {
    storeCalls: of('storeCalls'),
    capCalls: of('capCalls'),
    reserveMs: of('reserveMs'),
    cpuMs: of('cpuMs'),
  };
}

export function describeCosts({ scrapes, without, with: capped }: Costs): string[] {
  return [
    `a scrape of ${scrapes} without a cap: ${line(without)}`,
    `a scrape of ${scrapes} with a cap: ${line(capped)}`,
  ];
}

function line({ capCalls, reserveMs, cpuMs }: Cost): string {
  return (
    `${capCalls.toFixed(2)} calls to the log of caps, ${reserveMs.toFixed(1)} ms until its money is reserved, ` +
    `${cpuMs.toFixed(1)} ms CPU in this process`
  );
}
