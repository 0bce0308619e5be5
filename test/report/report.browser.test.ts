import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { writeReport } from '../../src/report/write-report.ts';
import { BATCH, BRANDS, fillShelf, storeOf } from './fixtures.ts';

const CANDIDATES = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const executablePath = CANDIDATES.find((path) => path !== undefined && path !== '' && existsSync(path));
if (executablePath === undefined) {
  console.warn('SKIPPED: the report was not opened in a browser, because none was found; set CHROMIUM_PATH.');
}

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// Expressions for the page are strings: this project's types know no DOM, and should not.
const UNFOLD = `document.querySelectorAll('details').forEach((one) => (one.open = true))`;
const FRAME = `new Promise((resolve) => requestAnimationFrame(() => resolve(1)))`;
const SCROLLED = `window.scrollY`;
const WIDTHS = `[document.documentElement.scrollWidth, document.documentElement.clientWidth]`;
/** Numbers whose list has another number of rows than they say. */
const WRONG_NUMBERS = `[...document.querySelectorAll('a.n')].flatMap((link) => {
  const claimed = Number(link.dataset.n);
  const rows = document.querySelectorAll(link.getAttribute('href') + ' ol > li > a').length;
  const shown = (link.querySelector('small') ?? link).textContent.replaceAll(',', '').trim();
  return rows === claimed && Number.parseInt(shown, 10) === claimed ? [] : [shown + ': ' + rows];
})`;
const DANGLING = `[...document.querySelectorAll('a[href^="#"]:not(.close)')]
  .map((link) => link.getAttribute('href'))
  .filter((href) => document.getElementById(href.slice(1)) === null)`;
const TWICE = `[...document.querySelectorAll('[id]')]
  .map((one) => one.id)
  .filter((id, i, ids) => ids.indexOf(id) !== i)`;

describe.skipIf(executablePath === undefined)('the report in a browser', () => {
  let folder = '';
  let browser: Browser | undefined;
  let page: Page;
  /** What the page asked the network for, and what the browser complained about. */
  let requests: string[] = [];
  let complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gleaner-report-'));
    const options = { brands: BRANDS, ceiling: { credits: 450 } };
    await writeReport(storeOf(fillShelf({ simulated: true })), BATCH, join(folder, 'report.html'), options);
    await writeReport(storeOf(fillShelf({ samples: 3 })), BATCH, join(folder, 'samples.html'), options);
    const scrapers = ['scrapellm/chatgpt', 'dataforseo/google-images', 'dataforseo/google-organic'] as const;
    await writeReport(storeOf(fillShelf({ scrapers })), BATCH, join(folder, 'pages.html'), options);
    browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ARGS });
  }, 60_000); // three reports and a browser, also on a busy machine

  afterEach(() => page.close());

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(file: string, width = 1_280): Promise<void> {
    if (browser === undefined) throw new Error('the browser did not start');
    page = await browser.newPage({ viewport: { width, height: 900 } });
    requests = [];
    complaints = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(pathToFileURL(join(folder, file)).href);
  }

  it.each(['report.html', 'pages.html'])(
    'runs no script and makes no request, whatever %s holds',
    async (file) => {
      await open(file);
      await page.evaluate(UNFOLD);
      await page.evaluate(FRAME);
      expect(await page.evaluate(`window.__pwned`)).toBeUndefined();
      expect(requests).toEqual([page.url()]);
      expect(complaints).toEqual([]);
      expect(
        await page.locator('script, main style, link, img, base, main meta, [onload], [onerror]').count(),
      ).toBe(0);
    },
  );

  it('applies its own style under its own policy', async () => {
    await open('report.html');
    expect(await page.locator('#s1').isVisible()).toBe(false);
  });

  it.each(['report.html', 'samples.html', 'pages.html'])(
    'leads from every number in %s to that many results',
    async (file) => {
      await open(file);
      expect(await page.evaluate(WRONG_NUMBERS)).toEqual([]);
      expect(await page.locator('a.n').count()).toBeGreaterThan(80);
    },
  );

  it('has a target for every link inside the page, and no id twice', async () => {
    await open('samples.html');
    expect(await page.evaluate(DANGLING)).toEqual([]);
    expect(await page.evaluate(TWICE)).toEqual([]);
  });

  it('opens a list over the page without scrolling it, leads on to the answer, and closes', async () => {
    await open('report.html');
    await page.locator('#named a.n').first().scrollIntoViewIfNeeded();
    const before = await page.evaluate(SCROLLED);
    await page.locator('#named a.n').first().click();
    expect(await page.locator('.subset:target').isVisible()).toBe(true);
    expect(await page.evaluate(SCROLLED)).toBe(before);
    await page.locator('.subset:target .close').click();
    expect(await page.locator('.subset:target').count()).toBe(0);
    expect(await page.evaluate(SCROLLED)).toBe(before);
    await page.goBack();
    await page.locator('.subset:target li a').last().click();
    expect(await page.locator('.subset:target').count()).toBe(0);
    expect(await page.locator('article.result:target pre.text').isVisible()).toBe(true);
  });

  it.each([
    [1_280, 'report.html'],
    [400, 'report.html'],
    [1_280, 'pages.html'],
    [400, 'pages.html'],
  ])('fits a window %i px wide with everything in %s unfolded', async (width, file) => {
    await open(file, width);
    await page.evaluate(UNFOLD);
    const [scroll, client] = await page.evaluate<[number, number]>(WIDTHS);
    expect(scroll).toBe(client);
  });

  it('shows the text of an answer as it came, line breaks kept', async () => {
    await open('report.html');
    const shown = (await page.locator('#r8 pre.text').textContent()) ?? '';
    expect(shown.split('\n')).toHaveLength(6);
    expect(shown).toContain('<script>window.__pwned=6</script>');
  });
});
