import { vendorTime } from './clock.ts';
import { draftAnswer, type Draft } from './draft.ts';
import { engineFields } from './engine-fields.ts';
import { makeHostile, padText } from './hostile.ts';
import type { Job } from './job.ts';
import { TASTES } from './market-data.ts';
import { toMarkdown, toPlainText, writeProse } from './prose.ts';
import { randomStream } from './random.ts';

/**
 * The result object of a done job, in the shape of scrapellm.md section 6. The same job always gives the same one, and
 * the same seed, scraper, prompt, country and sample the same content.
 */
export function buildResult(seed: string, job: Job): Record<string, unknown> {
  const draft = draftAnswer(seed, job);
  const { scraper, prompt, country } = job.request;
  const ids = randomStream(seed, 'ids', scraper, job.answer.prompt, country, job.answer.sample);
  const hex = Array.from({ length: 12 }, () => ids.between(0, 15).toString(16)).join('');
  const result = {
    scraper,
    status: 'done',
    job_id: `job_${hex}`,
    prompt,
    country,
    ...textFields(job, draft, ids.chance(job.answer.noMarkdownRate)),
    ...(job.answer.empty ? {} : engineFields(job, draft)),
    ...(TASTES[scraper].model && { llm_model: TASTES[scraper].model }),
    credits_used: job.chargedCredits,
    elapsed_ms: Math.round(job.elapsedMs * 10) / 10,
    cached: job.cachedAtMs !== undefined,
    ...(job.cachedAtMs !== undefined && { cached_at: vendorTime(job.cachedAtMs) }),
    markdown_url: `https://files.scrapellm.example/${hex}.md`,
  };
  return job.answer.hostile ? makeHostile(result) : result;
}

/** Rufus gives no plain text; the others now and then no markdown. */
function textFields(job: Job, draft: Draft, noMarkdown: boolean): Record<string, unknown> {
  const { scraper, webSearch, markdownJson } = job.request;
  const rufus = scraper === 'amazon_rufus';
  if (job.answer.empty) return rufus ? { result_markdown: '' } : { result: '', result_markdown: '' };
  const marked = scraper === 'perplexity' || scraper === 'gemini' || scraper === 'google_ai_mode';
  const prose = writeProse(draft, marked && webSearch);
  const markdown = padText(toMarkdown(prose), job.answer.minBytes);
  if (rufus) return { result_markdown: markdown };
  return {
    result: padText(toPlainText(prose), job.answer.minBytes),
    ...(!noMarkdown && { result_markdown: markdown }),
    ...(markdownJson && {
      markdown_json: [
        { type: 'paragraph', text: prose.opening },
        { type: 'list', items: prose.bullets.map((each) => `${each.lead}: ${each.text}`) },
        ...prose.paragraphs.map((text) => ({ type: 'paragraph', text })),
      ],
    }),
  };
}
