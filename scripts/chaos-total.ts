/**
 * Adds up reports of `npm run chaos`: what several seeds made, hit and broke together. Exits with 1 if a promise was broken.
 *
 *   npx tsx scripts/chaos-total.ts chaos-1.json chaos-2.json …
 */
import { readFile } from 'node:fs/promises';
import type { CampaignReport } from '../test/chaos/campaign/judge.ts';
import { formatCampaign } from '../test/chaos/campaign/table.ts';
import { totalOf } from '../test/chaos/campaign/total.ts';

const paths = process.argv.slice(2);
if (paths.length === 0) throw new Error('usage: npx tsx scripts/chaos-total.ts <report>…');
const reports = await Promise.all(
  paths.map(async (path) => JSON.parse(await readFile(path, 'utf8')) as CampaignReport), // written by chaos.ts
);
const total = totalOf(reports);
console.log(formatCampaign(total));
process.exit(total.settled && total.violations.length === 0 ? 0 : 1);
