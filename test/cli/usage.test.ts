import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli, type CliRun } from './run-cli.ts';

const cwd = mkdtempSync(join(tmpdir(), 'gleaner-cli-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
const run = (args: string[], env: Record<string, string> = {}): Promise<CliRun> =>
  runCli(args, { cwd, env: { GLEANER_HOME: join(cwd, 'home'), ...env } });

describe('a command line that cannot be meant', () => {
  it.each([
    [['scrpe'], "unknown command 'scrpe' (Did you mean scrape?)"],
    [['scrape', 'scrapellm/chatgpt', 'hi', '--wiat'], "unknown option '--wiat' (Did you mean --wait?)"],
    [['batch', 'none.csv', '--scrapers', 'scrapellm/chatgpt'], 'there is no such file'],
  ])('%j is a usage error of one line, with the nearest that exists', async (args, words) => {
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('    at ');
  });

  it('names everything wrong with a scrape before a server is looked for', async () => {
    const { code, stderr } = await run([
      'scrape',
      'scrapellm/chatgtp',
      ' ',
      '--market',
      'Mars',
      '--id',
      'a b',
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean "scrapellm/chatgpt"?');
    for (const field of ['prompt:', 'market:', 'id:', 'Nothing was bought.']) expect(stderr).toContain(field);
  });

  it('names everything wrong with a manifest at once, with line and column', async () => {
    writeFileSync(
      join(cwd, 'bad.csv'),
      ['prompt,id,market,web_serch', 'fine,a,US/en,', ',a,Mars,true', 'fine,b,DE,'].join('\n'),
    );
    const { code, stdout, stderr } = await run(['batch', 'bad.csv', '--scrapers', 'scrapellm/perplexity']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('line 1, column web_serch: unknown column. Did you mean "web_search"?');
    expect(stderr).toContain('line 3, column prompt: must not be empty');
    expect(stderr).toContain('line 3, column market: must be a country');
    expect(stderr).toContain('line 3, column id: "a" is the id of line 2 too');
    expect(stderr).toContain('Nothing was bought.');
  });

  it('prices a batch without starting it, and needs no server for that', async () => {
    writeFileSync(join(cwd, 'my prompts.csv'), 'prompt\nbest desk lamp\nbest chair\n');
    const args = [
      'batch',
      'my prompts.csv',
      '--scrapers',
      'scrapellm/chatgpt,scrapellm/grok',
      '--samples',
      '2',
    ];
    const { code, stdout } = await run([...args, '--dry-run', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      dryRun: true,
      total: 8,
      bound: { credits: 24 },
      simulated: true,
    });
    expect(JSON.parse(stdout).batchId).toMatch(/^batch\/my-prompts-\d{4}-\d\d-\d\d$/);
  });
});

it('prices a batch of both providers, and refuses a ceiling that is no amount of dollars', async () => {
  writeFileSync(join(cwd, 'a.csv'), 'prompt\nbest desk lamp\n');
  const args = ['batch', 'a.csv', '--scrapers', 'scrapellm/chatgpt,dataforseo/chatgpt', '--dry-run'];
  const { stdout } = await run([...args, '--json', '--max-usd', '0.5']);
  expect(JSON.parse(stdout)).toMatchObject({
    bound: { credits: 3, usdMicros: 1_200 },
    maxUsd: 0.5,
    maxCredits: null,
  });
  const wrong = await run([...args, '--max-usd', '0.0000001']);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('dollars such as 1.25, at most 6 decimals');
});

it('says of one scrape what it would cost and how long it takes, in each way to buy it, and starts nothing', async () => {
  const args = ['scrape', 'dataforseo/chatgpt', 'best desk lamp', '--dry-run'];
  const { code, stdout } = await run(args);
  expect(code).toBe(0);
  expect(stdout).toContain('at most $0.0012 a submission, at most 2 of them; nothing was started');
  expect(stdout).toMatch(/\$0\.0012, 4 min .*\$0\.0024, 50 s .*priority=2.*\$0\.004, at most 90 s/);
  const json = await run([...args, '--json', '--param', 'priority=2', '--max-charge', '$0.002']);
  expect(JSON.parse(json.stdout)).toMatchObject({
    dryRun: true,
    bound: { usdMicros: 2_400 },
    totalUsdMicros: 2_400,
    overMaxCharge: 1,
    typicalMs: 50_000,
  });
});

it('refuses an amount for --max-charge that has no currency', async () => {
  const { code, stderr } = await run(['scrape', 'scrapellm/grok', 'x', '--max-charge', '5']);
  expect(code).toBe(2);
  expect(stderr).toContain('It must be an amount such as "5 credits"');
});

describe('an environment that cannot be used', () => {
  it('says what to do without a server', async () => {
    const { code, stderr } = await run(['scrape', 'scrapellm/chatgpt', 'hi']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/SIMULATED.*home /);
    expect(stderr).toMatch(/error: no Temporal server at 127\.0\.0\.1:7233.*Run "gleaner up"/);
    const wrong = await run(['status', 'x/y'], { TEMPORAL_ADDRESS: '127.0.0.1:9' });
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(
      /error: no Temporal server at 127\.0\.0\.1:9: the address is set by TEMPORAL_ADDRESS/,
    );
  });

  it('names a home that is a file, and every bad variable, but never a key', async () => {
    const home = join(cwd, 'file');
    writeFileSync(home, '');
    const env = { GLEANER_HOME: home, GLEANER_UI_PORT: 'x', SCRAPELLM_API_KEY: 'two words secret' };
    const { code, stderr } = await run(['up'], env);
    expect(code).toBe(1);
    expect(stderr).toContain('is a file, but a folder is needed there');
    expect(stderr).toContain('GLEANER_UI_PORT');
    expect(stderr).toContain('SCRAPELLM_API_KEY');
    expect(stderr).not.toContain('secret');
  });
});

it('lists every scraper as JSON', async () => {
  const { code, stdout } = await run(['scrapers', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toContainEqual(
    expect.objectContaining({ scraper: 'scrapellm/chatgpt', price: { credits: 3 } }),
  );
});
