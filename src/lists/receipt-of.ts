import type { Intent, Receipt } from '../contracts/journal.ts';
import type { Charge } from '../contracts/money.ts';
import type { Provider } from '../providers/provider.ts';

/** The receipt of a purchase that an intent announced; `timeScale` is the account's. */
export function receiptOf(
  intent: Intent,
  provider: Provider,
  timeScale: number,
  bought: { taskId: string; charge: Charge; submittedAt: string },
): Receipt {
  const variants = provider.variants?.(intent.request).map(({ name }) => name);
  return {
    scrapeId: intent.scrapeId,
    n: intent.n,
    try: intent.try,
    taskId: bought.taskId,
    account: intent.account,
    endpoint: intent.endpoint,
    charge: bought.charge,
    submittedAt: bought.submittedAt,
    plan: provider.pollPlan(intent.request, timeScale),
    ...(variants && { variants }),
  };
}
