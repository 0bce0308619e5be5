import { styleText } from 'node:util';
import { logUpdateStderr } from 'log-update';
import { TERMINAL } from '../terminal.ts';
import { drawBars, sumLine } from './bars.ts';
import type { EngineProgress } from './track.ts';

/** Lines of a run that nobody watches on a terminal come this far apart. */
const PLAIN_EVERY_MS = 5_000;

/** What is told while the demo runs: bars that are redrawn on a terminal, a line now and then elsewhere. */
export interface Screen {
  say: (line: string) => void;
  progress: (engines: readonly EngineProgress[], elapsedMs: number) => void;
  /** Leaves the bars as they are; later lines come below. */
  end: () => void;
}

export function createScreen(simulated: boolean): Screen {
  const mark = simulated ? 'SIMULATED · ' : '';
  let lastMs = 0;
  let drawn: string | undefined;
  return {
    say(line) {
      if (drawn !== undefined) logUpdateStderr.clear();
      TERMINAL.say(line);
      if (drawn !== undefined) logUpdateStderr(drawn);
    },
    progress(engines, elapsedMs) {
      if (TERMINAL.interactive) {
        drawn = `\n${styleText('dim', mark)}${drawBars(engines, elapsedMs)}`;
        logUpdateStderr(drawn);
      } else if (elapsedMs - lastMs >= PLAIN_EVERY_MS) {
        lastMs = elapsedMs;
        TERMINAL.say(`${mark}${sumLine(engines, elapsedMs)}`);
      }
    },
    end() {
      if (drawn !== undefined) logUpdateStderr.done();
      drawn = undefined;
    },
  };
}
