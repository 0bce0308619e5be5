import { Command, InvalidArgumentError } from 'commander';
import type { AuditReport } from '../client/audit.ts';
import { formatCharge } from '../contracts/money.ts';
import { EXIT, usageError } from './exit-codes.ts';
import { findId } from './find-id.ts';
import { withGleaner } from './session.ts';
import { printJson, TERMINAL } from './terminal.ts';

interface AuditCommandOptions {
  since?: number;
  adopt?: boolean;
  json?: boolean;
}

/** `gleaner audit`: whether what was bought, what is on record and what the provider lists are the same. */
export function auditCommand(): Command {
  return new Command('audit')
    .description('compare journal, records and results with what the providers list; buys nothing')
    .argument('[batch]', 'a batch; everything in the store if not given')
    .option('--since <time>', 'only what was begun since: 2026-11-20, 36h or 7d', parseSince)
    .option('--adopt', 'collect what is ours: write found purchases down, start their scrapes again')
    .option('--json', 'print JSON')
    .action(async (batch: string | undefined, options: AuditCommandOptions) => {
      process.exitCode = await withGleaner({ needsServer: options.adopt === true }, async ({ gleaner }) => {
        const found = batch === undefined ? undefined : await findId(gleaner, batch);
        if (found && !found.isBatch)
          throw usageError(`${found.id} is a scrape: audit its batch, or everything`);
        const report = await gleaner.audit({
          ...(found && { batchId: found.id }),
          ...(options.since !== undefined && { sinceMs: options.since }),
          ...(options.adopt && { adopt: true }),
          say: TERMINAL.say,
        });
        if (options.json) printJson(report);
        else auditLines(report).forEach(TERMINAL.out);
        return report.clean ? EXIT.good : EXIT.notAllSucceeded;
      });
    });
}

/** What an audit says to people: findings first, each with what to do, then what nobody can tell. */
export function auditLines(report: AuditReport): string[] {
  const { findings, notes, checked, spend, accounts, adopted } = report;
  const money = [
    `charged ${formatCharge(spend.charge)}`,
    ...part('possibly spent', spend.possiblySpent),
    ...part('refunds expected', spend.refundExpected),
  ];
  return [
    ...findings.flatMap(({ code, message, next }) => [`${code}: ${message}`, `  -> ${next}`]),
    ...adopted.map(({ message }) => `adopted: ${message}`),
    ...accounts.flatMap(({ provider, account, said }) =>
      said === undefined ? [] : [`${provider}/${account} ${said}`],
    ),
    ...notes.map((note) => `note: ${note}`),
    `${checked.scrapes} scrapes (${checked.running} running), ${checked.submissions} submissions, ` +
      `${checked.purchases} purchases of ours listed by providers · ${money.join(', ')}`,
    findings.length === 0 ? 'clean' : `${findings.length} found`,
  ];
}

function part(what: string, charge: Parameters<typeof formatCharge>[0]): string[] {
  const text = formatCharge(charge);
  return text === 'nothing' ? [] : [`${what} ${text}`];
}

const UNIT_MS: Record<string, number> = { h: 3_600_000, d: 86_400_000 };

/** A day, a time, or how long ago; milliseconds since the epoch. */
export function parseSince(text: string): number {
  const ago = /^(\d+)([hd])$/.exec(text);
  const ms = ago ? Date.now() - Number(ago[1]) * (UNIT_MS[ago[2] ?? ''] ?? 0) : Date.parse(text);
  if (!Number.isNaN(ms)) return ms;
  throw new InvalidArgumentError('It must be a day such as 2026-11-20, or a time ago such as 36h or 7d.');
}
