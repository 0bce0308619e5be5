import { DueQueue } from './due-queue.ts';
import { refundAtMs, type Task } from './task.ts';

interface Wallet {
  funded: number;
  charged: number;
  refunded: number;
}

/** Balances of accounts in micro-USD. Refunds land when they are due. */
export class Wallets {
  readonly #wallets = new Map<string, Wallet>();
  readonly #refunds = new DueQueue<Task>();
  readonly #settled = new Set<string>();

  knows(login: string): boolean {
    return this.#wallets.has(login);
  }

  logins(): string[] {
    return [...this.#wallets.keys()];
  }

  fund(login: string, micros: number): void {
    this.#of(login).funded += micros;
  }

  charge(task: Task): void {
    this.#of(task.login).charged += task.costMicros;
    this.expectRefund(task);
  }

  /** Books the refund of a task once, at the time that the task says now. */
  expectRefund(task: Task): void {
    const atMs = refundAtMs(task);
    if (atMs !== undefined) this.#refunds.add(atMs, task);
  }

  /** What was ever paid in. */
  total(login: string): number {
    return this.#of(login).funded;
  }

  balance(login: string, nowMs: number): number {
    for (const task of this.#refunds.takeDue(nowMs)) {
      if (this.#settled.has(task.id)) continue;
      this.#settled.add(task.id);
      this.#of(task.login).refunded += task.refundMicros;
    }
    const { funded, charged, refunded } = this.#of(login);
    return funded - charged + refunded;
  }

  #of(login: string): Wallet {
    const wallet = this.#wallets.get(login) ?? { funded: 0, charged: 0, refunded: 0 };
    this.#wallets.set(login, wallet);
    return wallet;
  }
}
