import { adoptFound } from '../audit/adopt-found.ts';
import type { Adopted } from '../audit/adopt-found.ts';
import type { Audit } from '../audit/run-audit.ts';
import type { ScrapeInput } from '../contracts/scrape.ts';
import type { Account } from '../providers/account.ts';
import type { ClientContext } from './client-context.ts';
import { attributePairs } from './search-attributes.ts';
import { startOnce } from './start-workflow.ts';

/** Collects what an audit found to be ours: through the journal, and by the scrapes' own workflows. Buys nothing. */
export async function adopt(
  context: ClientContext,
  accounts: readonly Account[],
  audit: Pick<Audit, 'facts' | 'findings'>,
): Promise<Adopted[]> {
  const { adopted, start } = await adoptFound(context.store, accounts, audit);
  for (const { scrapeId, input } of start) {
    const begun = await startAgain(context, scrapeId, input);
    if (begun)
      adopted.push({
        scrapeId,
        message: `${scrapeId}: started again to collect what it bought; it buys nothing`,
      });
  }
  return adopted;
}

/** False if it runs already. */
async function startAgain(context: ClientContext, scrapeId: string, input: ScrapeInput): Promise<boolean> {
  const { temporal } = await context.forBuying();
  const { attached } = await startOnce(
    temporal,
    'scrapeWorkflow',
    {
      workflowId: scrapeId,
      args: [input],
      staticSummary: `${input.scraper} · audit --adopt: collects, buys nothing`,
      priority: { priorityKey: 5 },
      ...((await context.searchAttributes()) && {
        typedSearchAttributes: attributePairs({
          Scraper: input.scraper,
          Account: input.account,
          Label: input.label,
          BatchId: input.batchId,
        }),
      }),
    },
    'ALLOW_DUPLICATE', // one that completed may have lost its verdict or its record since
  );
  return !attached;
}
