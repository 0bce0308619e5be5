import type { Job } from './job.ts';
import type { JobRequest } from './validation.ts';

/** The provider's cache of answers. Its key leaves out what does not change the answer: case and spaces of the prompt. */
export class AnswerCache {
  readonly #jobs = new Map<string, Job[]>();

  /** Remembers a job whose answer others may get later. Bypassing jobs neither read nor fill the cache. */
  offer(job: Job): void {
    if (job.request.bypassCache || job.outcome !== 'done' || job.answer.empty) return;
    if (job.cachedAtMs !== undefined) return;
    const key = cacheKey(job.request);
    const known = this.#jobs.get(key);
    if (known) known.push(job);
    else this.#jobs.set(key, [job]);
  }

  /** The freshest answer to the same question that was ready by now and has not outlived `lifetimeMs`. */
  find(request: JobRequest, nowMs: number, lifetimeMs: number): Job | undefined {
    if (request.bypassCache) return undefined;
    const ready = (this.#jobs.get(cacheKey(request)) ?? []).filter(
      (job) => job.finishAtMs <= nowMs && nowMs < job.finishAtMs + lifetimeMs,
    );
    return ready.sort((a, b) => b.finishAtMs - a.finishAtMs)[0];
  }

  clear(): void {
    this.#jobs.clear();
  }
}

function cacheKey(request: JobRequest): string {
  const prompt = request.prompt.trim().replace(/\s+/gu, ' ').toLowerCase();
  return JSON.stringify([request.scraper, prompt, request.country, request.mode, request.webSearch]);
}
