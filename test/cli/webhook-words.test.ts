import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeUpRecord } from '../../src/cli/up-record.ts';
import { isListening, webhookAdvice, webhooksProblem } from '../../src/cli/webhook-words.ts';
import { readConfig } from '../../src/config/read-config.ts';

const SECRET = 'a-secret-of-sixteen-or-more';
const many = (count: number, scraper = 'dataforseo/google-organic'): string[] =>
  Array<string>(count).fill(scraper);

const problem = (env: Record<string, string>): string | undefined => webhooksProblem(readConfig(env, '/'));

describe('advice before a batch', () => {
  it('recommends webhooks above a thousand tasks a minute', () => {
    expect(webhookAdvice(many(5_000), { window: 1_500 })).toMatch(
      /^up to 1500 tasks a minute: above 1000 dataforseo recommends postbacks .* GLEANER_WEBHOOK_URL/,
    );
  });

  it.each([
    ['a batch that is small', many(1_000), { window: 2_000 }],
    ['a window that is small', many(5_000), { window: 1_000 }],
    ['the default window of a mixed batch', [...many(5_000), 'scrapellm/chatgpt'], {}],
    ['a provider that calls nobody', many(5_000, 'scrapellm/chatgpt'), { window: 2_000 }],
    ['webhooks', many(5_000), { window: 2_000, listening: true }],
  ])('says nothing with %s', (_, scrapers, options) => {
    expect(webhookAdvice(scrapers, options)).toBeUndefined();
  });
});

describe('what the advice asks for', () => {
  it('is no address with the simulator, which reaches this machine anyway', () => {
    const advice = webhookAdvice(many(5_000), { window: 1_500, simulated: true });
    expect(advice).toContain('Run "gleaner up --webhooks"');
    expect(advice).not.toContain('GLEANER_WEBHOOK_URL');
  });
});

describe('whether somebody listens', () => {
  let folder = '';
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gleaner-up-'));
  });
  afterEach(async () => {
    children.splice(0).forEach((child) => child.kill('SIGKILL'));
    await rm(folder, { recursive: true, force: true });
  });

  /** A process that a record of `gleaner up` can name. */
  async function startUp(): Promise<number> {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'up']);
    children.push(child);
    await once(child, 'spawn');
    return child.pid ?? 0;
  }

  it('is what the running "gleaner up" of this home says, also without an address of our own', async () => {
    const record = { pid: await startUp(), startedAt: '2026-11-23T05:00:00Z' };
    await writeUpRecord(folder, record);
    expect(await isListening({ stateFolder: folder })).toBe(false);
    await writeUpRecord(folder, { ...record, webhooks: { port: 1, publicUrl: 'http://127.0.0.1:1' } });
    expect(await isListening({ stateFolder: folder })).toBe(true);
  });

  it('is not what one says that has ended', async () => {
    const webhooks = { port: 1, publicUrl: 'http://127.0.0.1:1' };
    await writeUpRecord(folder, { pid: 2 ** 30, startedAt: '2026-11-23T05:00:00Z', webhooks });
    expect(await isListening({ stateFolder: folder })).toBe(false);
    expect(await isListening({ stateFolder: folder, webhookUrl: 'https://gleaner.example' })).toBe(true);
  });
});

describe('a receiver', () => {
  const account = { DATAFORSEO_LOGIN: 'me', DATAFORSEO_PASSWORD: 'x' };

  it('needs an account of a provider that calls back', () => {
    expect(problem({ GLEANER_HOME: '/tmp', SCRAPELLM_API_KEY: 'x' })).toContain(
      'no account here is of a provider',
    );
  });

  it('needs an address for a provider elsewhere, and none for the simulator', () => {
    expect(problem({ GLEANER_HOME: '/tmp', ...account })).toContain('set GLEANER_WEBHOOK_URL');
    const url = { GLEANER_WEBHOOK_URL: 'https://gleaner.example', GLEANER_WEBHOOK_SECRET: SECRET };
    expect(problem({ GLEANER_HOME: '/tmp', ...account, ...url })).toBeUndefined();
    expect(problem({ GLEANER_HOME: '/tmp' })).toBeUndefined();
  });
});
