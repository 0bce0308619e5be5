import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { CollectorInput, CollectorWishes } from '../contracts/collector.ts';
import { collectorId } from '../contracts/ids.ts';
import { COMPLETED_SIGNAL, PROGRESS_QUERY } from '../contracts/messages.ts';
import type { CollectorRun } from './collect.ts';
import type { ActivityDeps } from './deps.ts';
import type { ResendTurns } from './resend-turns.ts';

/** What a running activity of a collector has of Temporal. Queries and counts leave no event in anybody's history. */
export function collectorRun(deps: ActivityDeps, input: CollectorInput, resends: ResendTurns): CollectorRun {
  const { provider, account } = input;
  const context = Context.current();
  const { workflow } = context.client;
  const clock = { now: () => performance.now(), wall: () => Date.now() };
  return {
    ...clock,
    attempt: context.info.attempt,
    sleep: (ms) => context.sleep(ms),
    async wishes() {
      try {
        return await context.client.withDeadline(Date.now() + QUERY_TIMEOUT_MS, () =>
          workflow.getHandle(collectorId(provider, account)).query<CollectorWishes>(PROGRESS_QUERY),
        );
      } catch {
        return undefined; // the workflow's worker is busy or away: what was wanted is wanted still
      }
    },
    async hint(scrapeId, taskId) {
      try {
        await workflow.getHandle(scrapeId).signal(COMPLETED_SIGNAL, { taskId });
        return true;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false; // it has ended, or was never started
        throw error;
      }
    },
    resendPosts: (scrapers) => resends.take(deps, input, scrapers, clock),
    async isAnybodyWaiting(scrapers) {
      const names = scrapers.map((scraper) => `'${scraper}'`).join(', ');
      const ofThese = deps.searchAttributes ? ` AND Scraper IN (${names})` : '';
      const { count } = await workflow.count(
        `WorkflowType = 'scrapeWorkflow' AND ExecutionStatus = 'Running'${ofThese}`,
      );
      return count > 0;
    },
  };
}

const QUERY_TIMEOUT_MS = 5_000;
