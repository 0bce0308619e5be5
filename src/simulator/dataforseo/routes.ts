import { Hono, type Context } from 'hono';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Reply } from '../reply.ts';
import { sendReply, type Env } from '../send-reply.ts';
import { answerCall, NO_ENDPOINT, UNAUTHORIZED } from './answer-call.ts';
import type { CallbackRunner } from './callback-runner.ts';
import type { DataForSeo } from './dataforseo.ts';
import { findCall } from './find-call.ts';

const compress = promisify(gzip);

/** Everything below `/v3/`. */
export function dataForSeoRoutes(dataforseo: DataForSeo, callbacks: CallbackRunner): Hono<Env> {
  const app = new Hono<Env>();
  app.all('*', async (c) => {
    const login = authenticate(dataforseo, c.req.header('authorization'));
    if (login === undefined) return sendReply(c, UNAUTHORIZED);
    const path = c.req.path.slice(1);
    const found = findCall(c.req.method, path);
    if (!found) return sendReply(c, NO_ENDPOINT);
    const body = await c.req.text();
    const { traffic, knobs } = dataforseo;
    const api = found.api;
    const tooMany = api !== 'appendix' && traffic.enter(login, api, knobs.limits.aiInFlight);
    try {
      const { reply, before, after } = answerCall(dataforseo, found, { login, path, body }, tooMany);
      for (const task of before) await callbacks.callBack(task);
      const response = await sendReply(c, await encode(c, dataforseo, reply));
      callbacks.callBackSoon(after);
      return response;
    } finally {
      if (api !== 'appendix') traffic.leave(login, api);
    }
  });
  return app;
}

/** The login of a good `Authorization: Basic`, else undefined. */
function authenticate({ accounts }: DataForSeo, header: string | undefined): string | undefined {
  const encoded = /^Basic (\S+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [login = '', ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return Object.hasOwn(accounts, login) && accounts[login]?.password === password.join(':')
    ? login
    : undefined;
}

/** Compresses an answer for those who take it so. */
async function encode(c: Context<Env>, { knobs }: DataForSeo, reply: Reply): Promise<Reply> {
  const asked = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '');
  const plain = reply.contentType !== undefined || reply.headers?.['content-encoding'] !== undefined;
  if (!asked || !knobs.gzip || plain || reply.reset === true) return reply;
  return {
    ...reply,
    body: await compress(JSON.stringify(reply.body), { level: 1 }),
    contentType: 'application/json',
    headers: { ...reply.headers, 'content-encoding': 'gzip' },
  };
}
