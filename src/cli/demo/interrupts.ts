import { setTimeout as sleep } from 'node:timers/promises';
import type { Gleaner } from '../../client/connect-gleaner.ts';
import { GleanerError } from '../../client/gleaner-error.ts';
import type { Terminal } from '../terminal.ts';
import { unfinishedBatches } from './collected.ts';
import { gleanerCommand } from './next-commands.ts';
import type { Screen } from './screen.ts';

/**
 * Calling off a hundred scrapes takes ten seconds. A purchase that a kill cut short takes a minute to be given up: it buys
 * nothing, so nobody has to wait for it.
 */
const WAIT_MS = 15_000;

/**
 * Ends the batches that an earlier demo was interrupted in, since they would buy beside this one: what they have paid for
 * is collected, the rest is called off.
 */
export async function endInterrupted(gleaner: Gleaner, screen: Screen, signal: AbortSignal): Promise<void> {
  const { client } = await gleaner.temporal();
  for (const batchId of await unfinishedBatches(gleaner.store)) {
    try {
      await gleaner.cancel(batchId);
    } catch (error) {
      if (error instanceof GleanerError) continue; // it was ended from outside: nothing is left to do
      throw error;
    }
    screen.say(`${batchId} was interrupted: it is ended first, what it paid for is collected`);
    const ended = client.withAbortSignal(signal, () => gleaner.waitForBatch(batchId));
    await Promise.race([ended.catch(() => undefined), sleep(WAIT_MS, undefined, { signal })]);
  }
}

/** Says how to go on once the demo is interrupted; returns how to take this back. */
export function onInterrupt(options: {
  terminal: Terminal;
  screen: Screen;
  /** Of `shellSettings`. */
  settings: string;
  batchId: string;
  signal: AbortSignal;
}): () => void {
  const { terminal, screen, settings, batchId, signal } = options;
  const up = `${gleanerCommand(terminal.cwd, process.argv)} up`;
  const tell = (): void => {
    screen.end();
    screen.say(`interrupted: everything ends in order, what ${batchId} has paid for is in its journal.`);
    screen.say('It goes on where it was, and buys nothing twice, with:');
    screen.say(`  ${settings} ${up}`);
  };
  signal.addEventListener('abort', tell, { once: true });
  return () => signal.removeEventListener('abort', tell);
}
