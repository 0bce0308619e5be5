/** What a command may know of the process it runs in; nothing else in `cli` touches `process`. */
export interface Terminal {
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** The result: one line to stdout. */
  out: (line: string) => void;
  /** Everything else: one line to stderr. */
  say: (line: string) => void;
  /** Whether nobody reads the result any more. */
  outClosed: () => boolean;
  /** Whether stderr is a terminal that lines can be redrawn on. */
  interactive: boolean;
  /** Whether stdout is a terminal, so that nothing reads the result but a person. */
  outInteractive: boolean;
  /** Whether somebody can be asked. */
  inInteractive: boolean;
}

let outClosed = false;
// Who reads us may leave (`gleaner results demo | head`, a closed terminal): `up` still has things to end then.
process.stdout.on('error', () => (outClosed = true));
process.stderr.on('error', () => undefined);

export const TERMINAL: Terminal = {
  env: process.env,
  cwd: process.cwd(),
  out: (line) => void process.stdout.write(`${line}\n`),
  say: (line) => void process.stderr.write(`${line}\n`),
  outClosed: () => outClosed,
  interactive: process.stderr.isTTY,
  outInteractive: process.stdout.isTTY,
  inInteractive: process.stdin.isTTY,
};

export function printJson(value: unknown): void {
  TERMINAL.out(JSON.stringify(value, undefined, 2));
}
