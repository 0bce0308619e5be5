import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccountGate } from '../../src/activities/account-gate.ts';
import type { ScrapeRecord } from '../../src/contracts/scrape.ts';
import { jobsOf, uniquePrompt, until } from '../support/scrapes.ts';
import { createSystem, type TestSystem } from '../support/system.ts';
import { collect, runCli, spawnCli, type CliPlace, type CliRun } from './run-cli.ts';

let system: TestSystem;
let place: CliPlace;
const run = (...args: string[]): Promise<CliRun> => runCli(args, place);

beforeAll(async () => {
  // The account is asked again every second, so that a test of a blocked one does not hold up the next.
  const gate = createAccountGate(() => performance.now(), 1_000);
  system = await createSystem({ knobs: { attemptFailureRate: 0, durationMs: 200 } }, { gate });
  const cwd = join(system.folder, 'project');
  await mkdir(cwd);
  place = {
    cwd,
    env: {
      GLEANER_HOME: join(system.folder, 'home'),
      GLEANER_STORE: system.store.location,
      SCRAPELLM_BASE_URL: system.simulator.url,
      TEMPORAL_ADDRESS: system.address,
      TEMPORAL_NAMESPACE: system.namespace,
    },
  };
});
afterAll(() => system.close());

describe('gleaner scrape', () => {
  it('prints the record alone with --wait --json, then the id alone, and buys once', async () => {
    const prompt = uniquePrompt();
    const waited = await run('scrape', 'scrapellm/chatgpt', prompt, '--id', 'cli/one', '--wait', '--json');
    expect(waited.code).toBe(0);
    const record = JSON.parse(waited.stdout) as ScrapeRecord;
    expect(record).toMatchObject({
      scrapeId: 'cli/one',
      outcome: 'done',
      charge: { credits: 3 },
      simulated: true,
    });
    expect(waited.stderr).toMatch(/^gleaner · SIMULATED.*home .*server .*namespace test-/);

    const again = await run('scrape', 'scrapellm/chatgpt', prompt, '--id', 'cli/one');
    expect(again).toMatchObject({ code: 0, stdout: 'cli/one\n' });
    expect(again.stderr).toContain('attached to cli/one');
    expect(again.stderr).toContain('nothing bought anew');
    expect(again.stderr).toContain('temporal workflow describe');

    const other = await run('scrape', 'scrapellm/chatgpt', 'another prompt', '--id', 'cli/one');
    expect(other).toMatchObject({ code: 1, stdout: '' });
    expect(other.stderr).toMatch(/error: the id cli\/one belongs to another scrape.*nothing was bought/);
    expect(await jobsOf(system, prompt)).toHaveLength(1);
    expect(await jobsOf(system, 'another prompt')).toHaveLength(0);
  });

  it('exits with 3 when nothing was collected, and says why', async () => {
    const { code, stdout } = await run(
      'scrape',
      'scrapellm/grok',
      uniquePrompt(),
      '--max-credits',
      '2',
      '--wait',
    );
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /outcome: refused · 0 submissions · charged nothing\nwhy: BudgetExceeded: .*Raise maxCredits/,
    );
  });

  it('shows why it waits, and detaches on Ctrl-C with the way back', async () => {
    await system.control.script({
      on: 'submit',
      steps: Array.from({ length: 100 }, () => ({ fault: 'credit-limit' })) as never,
    });
    const child = spawnCli(['scrape', 'scrapellm/grok', uniquePrompt(), '--id', 'cli/poor', '--wait'], place);
    const stderr = collect(child.stderr);
    await until(async () => stderr().includes('waiting: AccountBlocked: ScrapeLLM'), 'it says why it waits');
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(stderr()).toContain('detached: cli/poor goes on. Come back with: gleaner status cli/poor');
    const status = await run('status', 'cli/poor');
    expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining('waiting: AccountBlocked') });
    expect((await run('cancel', 'cli/poor')).code).toBe(0);
    await system.control.script({ on: 'submit', steps: [] });
  });

  it('says that nobody works, after it has started', async () => {
    const env = { ...place.env, GLEANER_TASK_QUEUE: 'nobody' };
    const { code, stderr } = await runCli(['scrape', 'scrapellm/grok', 'hi'], { ...place, env });
    expect(code).toBe(0);
    expect(stderr).toContain('no worker runs: it begins once one does');
  });
});

describe('gleaner batch', () => {
  it('tells its price and progress, attaches under its name, and begins anew with --again', async () => {
    const prompts = [uniquePrompt(), uniquePrompt()];
    await writeFile(join(place.cwd, 'lamps.csv'), `prompt,id\n"${prompts[0]}",one\n"${prompts[1]}",two\n`);
    const args = ['batch', 'lamps.csv', '--scrapers', 'scrapellm/chatgpt', '--max-credits', '6'];
    const first = await run(...args, '--watch');
    expect(first.code).toBe(0);
    expect(first.stderr).toContain('= 2 scrapes, 6 credits if each is bought once, ceiling 6 credits');
    expect(first.stdout).toMatch(/^batch\/lamps-\d{4}-\d\d-\d\d: 2 of 2 in: 2 done · charged 6 credits\n/);
    const id = first.stdout.split(':')[0] ?? '';

    const again = await run(...args);
    expect(again).toMatchObject({ code: 0, stdout: `${id}\n` });
    expect(again.stderr).toMatch(/attached to the batch of \d+ \w+ \d{4} .*nothing bought; new run: --again/);
    const other = await run('batch', 'lamps.csv', '--scrapers', 'scrapellm/grok');
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('is the name of another batch');
    expect((await Promise.all(prompts.map((prompt) => jobsOf(system, prompt)))).flat()).toHaveLength(2);

    const anew = await run(...args, '--again', '--wait', '--json');
    expect(anew.code).toBe(0);
    expect(JSON.parse(anew.stdout)).toMatchObject({ batchId: `${id}-2`, counts: { done: 2, open: 0 } });

    const name = id.replace('batch/', '');
    const status = await run('status', name, '--json');
    expect(JSON.parse(status.stdout)).toMatchObject({ batchId: id, total: 2, state: 'ended' });
    const csv = await run('results', name, '--format', 'csv');
    expect(csv.stdout).toContain('scrapeId,scraper,market');
    expect(csv.stdout).toContain(`${id}/one/scrapellm/chatgpt/1,scrapellm/chatgpt,US/en`);
    expect(JSON.parse((await run('results', id, '--json')).stdout)).toHaveLength(2);
    const report = await run('report', name, '--json');
    expect(report.code).toBe(0);
    expect(await readFile(join(place.cwd, `${name}.html`), 'utf8')).toContain('SIMULATED');
  });
});

describe('gleaner retry', () => {
  it('says what it would buy, asks first, and changes what spend and the scoreboard say', async () => {
    const prompt = uniquePrompt();
    await writeFile(join(place.cwd, 'again.csv'), `prompt,id\n"${prompt}",one\n`);
    await system.control.script({ on: 'submit', scraper: 'grok', steps: [{ fault: 'fail-job' }] });
    const options = ['--scrapers', 'scrapellm/grok', '--name', 'again', '--max-submissions', '1', '--wait'];
    expect((await run('batch', 'again.csv', ...options)).code).toBe(3);

    const unasked = await run('retry', 'again');
    expect(unasked).toMatchObject({ code: 2, stdout: '' });
    expect(unasked.stderr).toContain(
      '1 scrape of batch/again once more, at most 3 credits (1 failed); no ceiling',
    );
    expect(unasked.stderr).toContain('no terminal to ask on: say --yes; nothing was bought');
    expect(await jobsOf(system, prompt)).toHaveLength(1);

    const bought = await run('retry', 'again', '--only', 'failed', '--yes', '--wait', '--json');
    expect(bought.code).toBe(0);
    expect(JSON.parse(bought.stdout)).toMatchObject({
      counts: { done: 1 },
      charge: { credits: 6 },
      retries: 1,
    });
    expect(await jobsOf(system, prompt)).toHaveLength(2);

    const spend = await run('spend', '--by', 'batch,scraper', '--batch', 'again', '--csv');
    expect(spend.stdout.split('\n')[1]).toBe('batch/again,scrapellm/grok,1,2,0,6,0,0,0,3,');
    const scores = JSON.parse((await run('scrapers', '--stats', '--json')).stdout) as object[];
    expect(scores).toContainEqual(
      expect.objectContaining({ scraper: 'scrapellm/grok', n: 1, success: 1, costPerResult: { credits: 6 } }),
    );
  });
});

describe('gleaner audit', () => {
  it('names a scrape that was ended from outside, and collects it with --adopt without buying it again', async () => {
    const prompt = uniquePrompt();
    await system.control.setKnobs({ durationMs: 3_600_000 });
    expect((await run('scrape', 'scrapellm/chatgpt', prompt, '--id', 'cli/ended')).code).toBe(0);
    await until(async () => (await system.store.journal.read('cli/ended', 1))?.receipt, 'it is bought');
    await system.client.workflow.getHandle('cli/ended').terminate('by a test');

    const found = await run('audit');
    expect(found.code).toBe(3);
    expect(found.stdout).toMatch(/terminated: cli\/ended: .*\n {2}-> .*gleaner audit --adopt/);
    expect(await system.store.records.read('cli/ended')).toBeUndefined();

    const adopted = await run('audit', '--adopt');
    expect(adopted.code).toBe(3);
    expect(adopted.stdout).toContain('adopted: cli/ended: ');
    await system.control.setKnobs({ durationMs: 200 });
    await system.control.ready();
    const record = await until(async () => system.store.records.read('cli/ended'), 'it is collected');
    expect(record).toMatchObject({ outcome: 'done', charge: { credits: 3 } });
    expect(await jobsOf(system, prompt)).toHaveLength(1);
    expect((await run('audit')).stdout).not.toContain('cli/ended');
  });
});

it('finds nothing wrong with a system that works, and shows no key', async () => {
  const { code, stdout } = await run('doctor', '--json');
  expect(code).toBe(0);
  const findings = JSON.parse(stdout) as Array<{ level: string; what: string; detail: string }>;
  expect(findings.filter(({ level }) => level === 'fail')).toEqual([]);
  const what = (name: string): unknown => findings.find((finding) => finding.what === name);
  expect(what('worker')).toMatchObject({ level: 'ok' });
  expect(what('provider')).toMatchObject({
    level: 'ok',
    detail: expect.stringContaining('cannot be checked'),
  });
  expect(stdout).not.toContain(system.account.secret);
});
