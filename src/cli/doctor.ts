import { Command } from 'commander';
import { checkRunning } from './doctor-running.ts';
import { checkSetup } from './doctor-setup.ts';
import type { Finding } from './finding.ts';
import { EXIT } from './exit-codes.ts';
import { printJson, TERMINAL } from './terminal.ts';

/** `gleaner doctor`: looks at everything that a scrape needs, and says what to do about what is wrong. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('look at everything that a scrape needs; starts and buys nothing')
    .option('--fix', 'repair what can be repaired: search attributes')
    .option('--json', 'print JSON')
    .action(async (options: { fix?: boolean; json?: boolean }) => {
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
