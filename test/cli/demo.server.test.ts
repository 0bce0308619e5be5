import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readFacts } from '../../src/cli/demo/ledger-facts.ts';
import { formatUsd } from '../../src/contracts/money.ts';
import { freePort } from '../../src/dev-server/free-port.ts';
import { isRunning } from '../../src/dev-server/process-command.ts';
import type { LedgerJob } from '../../src/simulator/ledger.ts';
import { Simulation } from '../../src/simulator/simulation.ts';
import { openStateFile } from '../../src/simulator/state-file.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'gleaner-demo-'));
const home = join(folder, 'demo');
let screen: { code: number; out: string; err: string };

beforeAll(async () => {
  const child = spawn(process.execPath, [inject('gleanerMain'), 'demo', '--exit'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      GLEANER_HOME: folder,
      GLEANER_TEMPORAL_PORT: String(await freePort(0)),
      GLEANER_UI_PORT: String(await freePort(0)),
      TEMPORAL_CLI_PATH: inject('temporalCli'),
      TEMPORAL_CONFIG_FILE: join(folder, 'none.toml'),
    },
  });
  const [[code], out, err] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  screen = { code, out, err };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the demo', () => {
  it('ends well, and says SIMULATED on both screens', () => {
    if (screen.code !== 0) throw new Error(screen.err);
    expect(screen.out).toContain('SIMULATED');
    expect(screen.err).toContain('SIMULATED');
  });

  it('prints the credits that the ledger holds, and bought and lost nothing twice', () => {
    const jobs = ledgerOf('simulator.jsonl');
    const delivered = new Set(jobs.filter(({ collected }) => collected > 0).map(({ jobId }) => jobId));
    const facts = readFacts(jobs, delivered);
    expect(facts).toMatchObject({ boughtTwice: 0, lost: 0 });
    expect(jobs.filter(({ outcome }) => outcome === 'done')).toHaveLength(140);
    expect(screen.out).toContain(`= the ledger's ${facts.cost} credits`);
    expect(row('bought twice')[0]).toBe(0);
    expect(row('paid for and never collected')[0]).toBe(0);
    expect(row('credits in all, refunds taken off')[0]).toBe(facts.cost);
    expect(screen.out).toContain('180 done = 180 scrapes = 180 ended workflows in Temporal');
  });

  it('prints the dollars that the other ledger holds, each task bought once and collected', () => {
    const { tasks, totals } = simulationOf('simulator.jsonl').ledger().dataforseo;
    expect(tasks.map(({ family }) => family).sort()).toEqual([
      ...Array<string>(20).fill('chat_gpt'),
      ...Array<string>(20).fill('google_images'),
    ]);
    expect(tasks.every(({ fetched }) => fetched.advanced > 0)).toBe(true);
    expect(screen.out).toContain(`= the ledger's ${formatUsd(totals.chargedMicros - totals.refundedMicros)}`);
    expect(screen.out).toContain('DataForSEO, by its ledger: 40 tasks, 0 bought twice, 0 never collected');
  });

  it('prints what the plain script lost by the same kill, as its own ledger says', () => {
    const jobs = ledgerOf('simulator-of-plain-script.jsonl').filter(({ key }) => key === 'plain-script-key');
    // By its own file: what was delivered to it in the moment of the kill is lost all the same.
    const lines = readFileSync(join(home, 'simulator', 'plain-script.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const kept = new Set(lines.map((line) => (JSON.parse(line) as { job: { job_id: string } }).job.job_id));
    const facts = readFacts(jobs, kept);
    expect(facts.lost).toBeGreaterThan(0);
    expect(row('bought twice')[1]).toBe(facts.boughtTwice);
    expect(row('credits for those')[1]).toBe(facts.lostCost);
    expect(row('credits in all, refunds taken off')[1]).toBe(facts.cost);
  });

  it('killed its worker with -9 while scrapes were paid for and open, and another went on', () => {
    const [, killed, waiting] = /kill -9 (\d+): the worker is gone, (\d+) scrapes/.exec(screen.err) ?? [];
    expect(Number(waiting)).toBeGreaterThan(0);
    expect(screen.err).toMatch(new RegExp(`worker ${killed} ended unexpectedly \\(SIGKILL\\)`));
    expect(screen.out).toMatch(new RegExp(`kill -9 +worker ${killed} between purchases`));
  });

  it('writes the report that it names', () => {
    const path = /report: +file:\/\/(\S+)/.exec(screen.out)?.[1] ?? '';
    expect(readFileSync(path, 'utf8')).toContain('Lumora');
  });

  it('leaves no process behind and nothing outside its home', () => {
    const pids = [...screen.err.matchAll(/(?:worker|process|again) \(?(\d+)/g)].map(([, pid]) => Number(pid));
    expect(pids.length).toBeGreaterThanOrEqual(4);
    expect(pids.filter(isRunning)).toEqual([]);
    expect(existsSync(join(home, 'simulator', 'server.json'))).toBe(false);
    expect(existsSync(join(home, 'simulator', 'simulator.json'))).toBe(false);
    expect(readdirSync(folder)).toEqual(['demo']);
  });
});

function row(label: string): number[] {
  const line = screen.out.split('\n').find((each) => each.startsWith(label)) ?? '';
  return line.slice(label.length).trim().split(/\s+/).map(Number);
}

/** The provider's books, read again from what it wrote down. */
function ledgerOf(file: string): LedgerJob[] {
  return simulationOf(file).ledger().jobs;
}

function simulationOf(file: string): Simulation {
  const { history } = openStateFile(join(home, 'simulator', file));
  return new Simulation({
    seed: '',
    speed: 1,
    apiKeys: {},
    knobs: {},
    history,
    persist: () => undefined,
  });
}
