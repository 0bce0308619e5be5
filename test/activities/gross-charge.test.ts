import { expect, it } from 'vitest';
import { grossCharge } from '../../src/activities/gross-charge.ts';

const usd = (usdMicros: number) => ({ usdMicros });
const INTENT = { bound: usd(1_200) };
const LISTED = { listedAtEnd: true } as const;

it('adds what a list after the end no longer shows, because it was given back', () => {
  expect(grossCharge(usd(600), usd(600), LISTED, INTENT)).toEqual(usd(1_200));
});

it.each([
  ['a list that shows the whole price', usd(1_200), usd(600), LISTED, INTENT],
  ['the answer to the purchase itself', usd(600), usd(600), {}, INTENT],
  ['a purchase whose bound nobody knows', usd(600), usd(600), LISTED, undefined],
])('takes the charge of %s as it is', (_, charge, refund, receipt, intent) => {
  expect(grossCharge(charge, refund, receipt, intent)).toEqual(charge);
});
