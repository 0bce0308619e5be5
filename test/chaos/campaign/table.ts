import Table from 'cli-table3';
import type { CampaignReport } from './judge.ts';

/** What a run says on a screen. */
export function formatCampaign({
  seed,
  scrapes,
  jobs,
  outcomes,
  returned,
  terminated,
  faults,
  workers,
  audited,
  violations,
  settled,
}: CampaignReport): string {
  const table = new Table({
    head: ['fault', 'made', 'hit a scrape', 'scrapes hit'],
    style: { head: [], border: [] },
  });
  const rows = Object.entries(faults).toSorted(([a], [b]) => a.localeCompare(b));
  for (const [kind, count] of rows) table.push([kind, count.made, count.hit, count.scrapes]);
  const sum = (of: 'made' | 'hit' | 'scrapes') => rows.reduce((total, [, count]) => total + count[of], 0);
  table.push(['all', sum('made'), sum('hit'), sum('scrapes')]);
  return [
    table.toString(),
    `seed ${seed}: ${scrapes} scrapes, ${jobs} jobs: ${sayCodes(outcomes)}; ${terminated.length} of them terminated`,
    `their workflows ended with: ${sayCodes(returned ?? {})}`,
    `${workers.lives} lives of workers, ${workers.endedByThemselves} ended by themselves`,
    ...(audited ? [`audit: ${sayCodes(audited.found)}; after --adopt: ${sayCodes(audited.left)}`] : []),
    ...(settled ? [] : ['NOT EVERYTHING ENDED']),
    `${violations.length} violations`,
    ...violations.slice(0, 20).map(({ rule, scrapeId, text }) => `  ${rule}: ${scrapeId} ${text}`),
  ].join('\n');
}

function sayCodes(codes: Record<string, number>): string {
  return (
    Object.entries(codes)
      .map(([code, count]) => `${count} ${code}`)
      .join(', ') || 'clean'
  );
}
