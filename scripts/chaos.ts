/**
 * Mixed batches on a Temporal server of their own, against both simulators, while a seeded adversary does what it can; then
 * a checker that shares no code with the product decides whether the promises were kept. Exits with 1 if one was not.
 * What it does and what its report holds: docs/decisions/0028-chaos-campaign.md.
 *
 *   npm run chaos -- [--seed 1] [--minutes 5] [--scrapes N] [--batch-size 60] [--batches-at-once 3] [--workers 2]
 *     [--also <git revision>] [--every-ms 700] [--kill-weight 24] [--audit] [--after <report>]… [--report chaos-<seed>.json] [--keep]
 */
import { writeFile } from 'node:fs/promises';
import { readOptions } from '../test/chaos/campaign/options.ts';
import { runCampaign } from '../test/chaos/campaign/run.ts';
import { formatCampaign } from '../test/chaos/campaign/table.ts';
import { optionsOrUsage } from './usage.ts';

const options = optionsOrUsage(import.meta.url, () => readOptions(process.argv.slice(2)));
const report = await runCampaign(options, (line) => console.error(line));
await writeFile(options.report, JSON.stringify(report, undefined, 2));
console.log(`${formatCampaign(report)}\nreport: ${options.report}`);
// Connections of killed workers and servers may still be open.
process.exit(report.settled && report.violations.length === 0 ? 0 : 1);
