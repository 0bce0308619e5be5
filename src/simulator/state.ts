import { AnswerCache } from './cache.ts';
import type { SimulatorEvent, Violation } from './events.ts';
import { refundAtMs, type Job } from './job.ts';

/** What was told to clients about a job. */
export interface Delivery {
  /** How often a done answer was delivered. */
  collected: number;
  firstDeliveredAtMs: number;
}

interface Wallet {
  funded: number;
  charged: number;
  refunded: number;
}

/** The simulated ScrapeLLM's books: balances, jobs, cache, deliveries. Changed by `apply` alone. */
export class SimulatorState {
  seed = '';
  offsetMs = 0;
  readonly jobs = new Map<string, Job>();
  readonly deliveries = new Map<string, Delivery>();
  readonly violations: Violation[] = [];
  readonly cache = new AnswerCache();
  submitsSeen = 0;
  /** Per identity: valid submits seen, and jobs made of them. */
  readonly purchases = new Map<string, { submits: number; jobs: number }>();
  readonly #wallets = new Map<string, Wallet>();
  readonly #refundsDue = new Set<Job>();

  apply(event: SimulatorEvent): void {
    switch (event.type) {
      case 'reset':
        return this.#reset(event.seed, event.credits);
      case 'funded':
        this.#wallet(event.key).funded += event.credits;
        return;
      case 'advanced':
        this.offsetMs += event.ms;
        return;
      case 'submitted':
        return this.#submitted(event.identity, event.job);
      case 'finished':
        for (const id of event.jobIds) this.#finish(id, event.atMs);
        return;
      case 'delivered':
        return this.#delivered(event.jobId, event.atMs);
      case 'violated':
        this.violations.push(event.violation);
        return;
      case 'dataforseo':
        // That provider keeps books of its own.
        return;
    }
  }

  knowsKey(key: string): boolean {
    return this.#wallets.has(key);
  }

  keys(): string[] {
    return [...this.#wallets.keys()];
  }

  /** Credits at this time, refunds that have landed included. */
  balance(key: string, nowMs: number): number {
    this.#settleRefunds(nowMs);
    const wallet = this.#wallets.get(key);
    return wallet ? wallet.funded - wallet.charged + wallet.refunded : 0;
  }

  #reset(seed: string, credits: Record<string, number>): void {
    this.seed = seed;
    for (const held of [this.jobs, this.deliveries, this.purchases, this.cache]) {
      held.clear();
    }
    this.#wallets.clear();
    this.#refundsDue.clear();
    this.violations.length = 0;
    this.submitsSeen = 0;
    for (const [key, funded] of Object.entries(credits)) this.#wallet(key).funded = funded;
  }

  #submitted(identity: string, job: Job | undefined): void {
    this.submitsSeen += 1;
    const purchase = this.purchases.get(identity) ?? { submits: 0, jobs: 0 };
    purchase.submits += 1;
    this.purchases.set(identity, purchase);
    if (job === undefined) return;
    purchase.jobs += 1;
    this.jobs.set(job.jobId, job);
    this.cache.offer(job);
    this.#wallet(job.key).charged += job.chargedCredits;
    if (refundAtMs(job) !== undefined) this.#refundsDue.add(job);
  }

  #finish(jobId: string, atMs: number): void {
    const job = this.jobs.get(jobId);
    if (job) job.finishAtMs = Math.min(job.finishAtMs, atMs);
  }

  #delivered(jobId: string, atMs: number): void {
    const delivery = this.deliveries.get(jobId) ?? { collected: 0, firstDeliveredAtMs: atMs };
    if (this.jobs.get(jobId)?.outcome === 'done') delivery.collected += 1;
    this.deliveries.set(jobId, delivery);
  }

  #settleRefunds(nowMs: number): void {
    for (const job of this.#refundsDue) {
      if ((refundAtMs(job) ?? Number.POSITIVE_INFINITY) > nowMs) continue;
      this.#wallet(job.key).refunded += job.chargedCredits;
      this.#refundsDue.delete(job);
    }
  }

  #wallet(key: string): Wallet {
    const wallet = this.#wallets.get(key) ?? { funded: 0, charged: 0, refunded: 0 };
    this.#wallets.set(key, wallet);
    return wallet;
  }
}
