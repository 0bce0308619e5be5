import type { HttpReply, ProbeAnswer } from '../provider.ts';
import { readFree } from './trouble.ts';
import { isObject } from './wire.ts';
import { payloadOf } from './result.ts';

/** Reads `appendix/user_data`: whether the login is right and whether there is money left. */
export function readProbe(reply: HttpReply): ProbeAnswer {
  const free = readFree(reply);
  if (free.kind !== 'ok') {
    const blocked = free.reason === 'auth' || free.reason === 'no-funds' || free.reason === 'blocked';
    return { kind: blocked ? 'blocked' : 'unclear', message: `answers, but ${free.message}` };
  }
  const money = payloadOf(free.task.result)?.['money'];
  const balance = isObject(money) ? money['balance'] : undefined;
  if (typeof balance !== 'number')
    return { kind: 'ok', message: 'takes the login; it did not tell the balance' };
  const said = `takes the login; balance $${balance.toFixed(4)}`;
  return balance > 0
    ? { kind: 'ok', message: said }
    : { kind: 'blocked', message: `${said}: nothing can be bought` };
}
