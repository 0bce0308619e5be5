import { expect, it } from 'vitest';
import { grossCharge } from '../../src/activities/gross-charge.ts';

const usd = (usdMicros: number) => ({ usdMicros });
const PRICES = [usd(1_200)];
const LISTED = { listedAtEnd: true } as const;

it('adds what a list after the end no longer shows, because it was given back', () => {
  expect(grossCharge(usd(600), usd(600), LISTED, PRICES)).toEqual({
    charge: usd(1_200),
    refundExpected: usd(600),
  });
});

it.each([
  ['a list that shows the whole price', usd(1_200), LISTED],
  ['the answer to the purchase itself', usd(600), {}],
])('takes the charge of %s as it is, and expects the refund', (_, charge, receipt) => {
  expect(grossCharge(charge, usd(600), receipt, PRICES)).toEqual({ charge, refundExpected: usd(600) });
});

it('takes the whole price for it where a dearer one was reserved and nothing was given back', () => {
  const read = [usd(1_800), usd(9_000)];
  const said = { charge: usd(1_800), refundExpected: usd(600) };
  expect(grossCharge(usd(1_800), usd(600), LISTED, read)).toEqual(said);
  expect(grossCharge(usd(1_200), usd(600), LISTED, read)).toEqual(said);
});

it.each([
  ['may be either', [usd(1_800), usd(2_400)]],
  ['is none that is known', [usd(600)]],
  ['nobody knows', []],
])('charges what the list says and expects nothing more where its price %s', (_, prices) => {
  expect(grossCharge(usd(1_800), usd(600), LISTED, prices)).toEqual({
    charge: usd(1_800),
    refundExpected: {},
  });
});

it('expects no more back than was charged', () => {
  expect(grossCharge(usd(400), usd(600), {}, PRICES)).toEqual({
    charge: usd(400),
    refundExpected: usd(400),
  });
});
