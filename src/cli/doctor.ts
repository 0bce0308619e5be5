import { Command } from 'commander';
import { checkRunning } from './doctor-running.ts';
import { checkSetup } from './doctor-setup.ts';
import type { Finding } from './finding.ts';
import { EXIT, usageError } from './exit-codes.ts';
import { takeOver, type TakeOverOptions } from './take-over.ts';
import { printJson, TERMINAL } from './terminal.ts';

interface DoctorOptions extends TakeOverOptions {
  fix?: boolean;
  takeOver?: boolean;
  json?: boolean;
}

/** `gleaner doctor`: looks at everything that a scrape needs, and says what to do about what is wrong. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('look at everything that a scrape needs; starts and buys nothing')
    .option('--fix', 'repair what can be repaired: search attributes')
    .option('--take-over', 'bind store and namespace to each other, whatever they were bound to; asks first')
    .option('--yes', 'with --take-over: do not ask')
    .option('--force', 'with --take-over: also while the old ones are in use')
    .option('--json', 'print JSON')
    .action(async (options: DoctorOptions) => {
      if (options.takeOver) await takeOver(options);
      else if (options.yes || options.force) throw usageError('--yes and --force go with --take-over');
      const findings: Finding[] = [];
      const add = (finding: Finding): void => {
        findings.push(finding);
        if (!options.json) TERMINAL.out(describe(finding));
      };
      const config = await checkSetup(add);
      if (config) await checkRunning(config, add, options.fix === true);
      if (options.json) printJson(findings);
      process.exitCode = findings.some(({ level }) => level === 'fail') ? EXIT.error : EXIT.good;
    });
}

const MARKS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

function describe({ level, what, detail, fix }: Finding): string {
  const [first = '', ...rest] = detail.split('\n');
  const lines = [
    `${MARKS[level]}  ${what.padEnd(18)} ${first}`,
    ...rest.map((line) => `${' '.repeat(25)}${line}`),
  ];
  if (fix !== undefined) lines.push(`${' '.repeat(25)}-> ${fix}`);
  return lines.join('\n');
}
