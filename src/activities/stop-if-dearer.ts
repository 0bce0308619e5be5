import { fitsUnder } from '../contracts/ceiling.ts';
import { formatCharge } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import type { ActivityDeps } from './deps.ts';

/** A price above what was reserved would pass a ceiling with the next purchases, so there are none on that account. */
export function stopIfDearer(
  deps: Pick<ActivityDeps, 'gate'>,
  gateKey: string,
  scrapeId: string,
  { charge, bound }: { charge: Charge; bound: Charge },
): void {
  const { credits = 0, usdMicros = 0 } = bound;
  if (fitsUnder(charge, { credits, usdMicros })) return;
  deps.gate.stop(
    gateKey,
    `${scrapeId} cost ${formatCharge(charge)} where ${formatCharge(bound)} was the most: nothing more is bought on ` +
      `this account until the worker is started again with right prices`,
  );
}
