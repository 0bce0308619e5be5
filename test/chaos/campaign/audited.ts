import { setTimeout as sleep } from 'node:timers/promises';
import type { CampaignWorld } from './campaign-world.ts';

/** Findings of `gleaner audit` by their codes. */
export interface Audited {
  /** When everything had ended. */
  found: Record<string, number>;
  /** After `--adopt` had collected what the provider shows as ours. */
  left: Record<string, number>;
  /** What was left that nobody may owe: everything but refunds that the provider's own books show as withheld. */
  wrong: string[];
}

const ADOPTED_WITHIN_MS = 180_000;

/** Audits all that the campaign bought, lets the audit collect what is ours, and audits it again. */
export async function auditAll(
  { gleaner, keeper, control }: CampaignWorld,
  log: (line: string) => void,
): Promise<Audited> {
  const say = (line: string): void => log(`audit: ${line}`);
  const first = await gleaner.audit({ adopt: true, say });
  log(`audit: ${first.findings.length} findings, ${first.adopted.length} adopted`);
  const end = Date.now() + ADOPTED_WITHIN_MS;
  for (const batch of keeper.asked)
    while ((await keeper.unsettled(batch)).length > 0 && Date.now() < end) await sleep(1_000);
  let { findings } = await gleaner.audit({ say });
  // What was collected after its batch had ended is in the batch's record once that is summed anew.
  if (findings.some(({ code }) => code === 'batch-differs')) {
    await gleaner.audit({ adopt: true, say });
    ({ findings } = await gleaner.audit({ say }));
  }
  const { tasks } = await control.dataforseo.ledger();
  const withheld = new Set(
    tasks.filter(({ refundWithheldMicros }) => refundWithheldMicros > 0).map(({ id }) => id),
  );
  return {
    found: countCodes(first.findings),
    left: countCodes(findings),
    wrong: findings
      .filter(({ code, taskId = '' }) => code !== 'refund-owed' || !withheld.has(taskId))
      .map(({ code, message }) => `${code}: ${message}`),
  };
}

function countCodes(findings: ReadonlyArray<{ code: string }>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of findings) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
