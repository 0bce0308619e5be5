import type { PlanDeps } from '../../src/client/plan-items.ts';
import { planBatch } from '../../src/client/plan-batch.ts';
import type { BatchInput, BatchItem, Manifest } from '../../src/contracts/batch.ts';
import { formatProblem } from '../../src/contracts/schemas/problems.ts';
import type { StoredPage } from '../../src/store/store.ts';
import { params } from './manifest-support.ts';

export const batch: BatchInput = { name: 'demo', scrapers: ['scrapellm/chatgpt', 'scrapellm/perplexity'] };

export const deps: PlanDeps = {
  validate: ({ prompt, market }) => [
    ...(prompt.length > 400_000 ? [{ field: 'prompt', message: 'is too long' }] : []),
    ...(market.startsWith('JP') ? [{ field: 'market', message: 'is refused' }] : []),
  ],
  priceBound: ({ scraper }) => (scraper === 'scrapellm/grok' ? { credits: 5, usdMicros: 7 } : { credits: 3 }),
  params,
  simulated: true,
  now: new Date('2026-11-16T12:00:00Z'),
};

export function plan(input: BatchInput, items: BatchItem[]): { manifest: Manifest; pages: StoredPage[] } {
  const planned = planBatch(input, items, deps);
  if (!planned.ok) throw new Error(planned.problems.map(formatProblem).join('\n'));
  return planned;
}

export function rows(input: BatchInput, items: BatchItem[]): StoredPage {
  return plan(input, items).pages.flat();
}

export function problems(input: BatchInput, items: BatchItem[], using = deps): string[] {
  const planned = planBatch(input, items, using);
  return planned.ok ? [] : planned.problems.map(formatProblem);
}
