import { addUp, type EngineProgress } from './track.ts';

const MAX_CELLS = 20;

/** One bar an engine, at most 79 columns wide; the first line says what the signs mean. */
export function drawBars(engines: readonly EngineProgress[], elapsedMs: number): string {
  const nameWidth = Math.max(...engines.map(({ scraper }) => scraper.length));
  const lines = engines.map((engine) => {
    const { scraper, done, other, waiting, total } = engine;
    const ended = other > 0 ? `${done} in, ${other} not` : `${done} in`;
    const figures = `${ended.padEnd(5)} ${String(waiting).padStart(2)} paid  ${String(total - done - other - waiting).padStart(2)} to buy`;
    return `${scraper.padEnd(nameWidth)} ${drawBar(engine)} ${figures}`;
  });
  return [`█ in  ▒ paid for, waiting  · to buy`, ...lines, sumLine(engines, elapsedMs)].join('\n');
}

/** `12 s: 51 of 140 in, 31 paid for and waiting, 58 to buy` */
export function sumLine(engines: readonly EngineProgress[], elapsedMs: number): string {
  const { total, done, other, waiting } = addUp(engines);
  const failed = other > 0 ? `, ${other} ended otherwise` : '';
  const toBuy = total - done - other - waiting;
  return `${Math.round(elapsedMs / 1000)} s: ${done} of ${total} in${failed}, ${waiting} paid for and waiting, ${toBuy} to buy`;
}

function drawBar({ total, done, other, waiting }: EngineProgress): string {
  const cells = Math.min(total, MAX_CELLS);
  const scaled = (n: number): number => Math.round((n / total) * cells);
  const full = scaled(done + other);
  const paid = scaled(done + other + waiting) - full;
  return `${'█'.repeat(full)}${'▒'.repeat(paid)}${'·'.repeat(cells - full - paid)}`;
}
