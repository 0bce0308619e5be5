import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { assert, asyncProperty, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { createFileObjectStore } from '../../src/store/file-object-store.ts';
import { createResults } from '../../src/store/results.ts';
import { resultRefSchema } from '../../src/store/scrape-schemas.ts';
import type { Results } from '../../src/store/store.ts';
import { makeAnswer, makeFolder, SCRAPE_ID, storeErrorOf } from './fixtures.ts';

async function open(): Promise<{ folder: string; results: Results }> {
  const folder = await makeFolder();
  return { folder, results: createResults(createFileObjectStore(folder)) };
}

const RAW = Buffer.from(`{"answer":"${'It depends. '.repeat(500)}"}`);

test('gives back any raw body byte for byte', async () => {
  const { results } = await open();
  await assert(
    asyncProperty(uint8Array({ maxLength: 5_000 }), async (raw) => {
      const ref = await results.write({ scrapeId: SCRAPE_ID, n: 1, raw });
      expect(ref).toMatchObject({ bytes: raw.length, normalized: false });
      expect(Buffer.from(await results.readRaw(ref))).toEqual(Buffer.from(raw));
    }),
    { numRuns: 30 },
  );
});

test('keeps the answer beside the raw body, both compressed', async () => {
  const { folder, results } = await open();
  const ref = await results.write({ scrapeId: SCRAPE_ID, n: 2, raw: RAW, answer: makeAnswer() });
  expect(ref.path).toMatch(/^results\/[0-9a-f]{2}\/[0-9a-f]{40}\/2-[0-9a-f]{8}\.raw\.gz$/);
  expect(ref.answerPath).toBe(ref.path.replace('.raw.gz', '.answer.json.gz'));
  expect(ref.normalized).toBe(true);
  expect(gunzipSync(await readFile(join(folder, ref.path)))).toEqual(RAW);
  expect(await results.readAnswer(ref)).toEqual(makeAnswer());
});

test('keeps another form of the same result, whole', async () => {
  const { results } = await open();
  const html = Buffer.from('<p>It depends.</p>');
  const form = await results.writeVariant({ scrapeId: SCRAPE_ID, n: 1, variant: 'html', raw: html });
  const ref = { ...(await results.write({ scrapeId: SCRAPE_ID, n: 1, raw: RAW })), variants: [form] };
  expect(resultRefSchema.parse(JSON.parse(JSON.stringify(ref)))).toEqual(ref);
  expect(form).toMatchObject({
    variant: 'html',
    path: expect.stringMatching(/\/1-[0-9a-f]{8}\.html\.raw\.gz$/),
  });
  expect(Buffer.from(await results.readRaw(form))).toEqual(html);
  expect(Buffer.from(await results.readRaw(ref))).toEqual(RAW);
  const odd = { scrapeId: SCRAPE_ID, n: 1, variant: '../x', raw: html };
  await expect(results.writeVariant(odd)).rejects.toThrow('no name of a form');
});

test('has no answer where none could be made', async () => {
  const { results } = await open();
  expect(
    await results.readAnswer(await results.write({ scrapeId: SCRAPE_ID, n: 1, raw: RAW })),
  ).toBeUndefined();
});

test('never replaces what an earlier collection of the same submission stored', async () => {
  const { results } = await open();
  const [first, second] = await Promise.all(
    ['first', 'second'].map((raw) => results.write({ scrapeId: SCRAPE_ID, n: 1, raw: Buffer.from(raw) })),
  );
  if (!first || !second) throw new Error('two were written');
  expect(Buffer.from(await results.readRaw(first)).toString()).toBe('first');
  expect(Buffer.from(await results.readRaw(second)).toString()).toBe('second');
});

const INJURIES: Record<string, (path: string) => Promise<void>> = {
  missing: (path) => rm(path),
  emptied: (path) => truncate(path, 0),
  'cut short': async (path) => truncate(path, (await readFile(path)).length - 3),
  'flipped in one bit': async (path) => {
    const body = await readFile(path);
    const at = body.length >> 1;
    body[at] = (body[at] ?? 0) ^ 1;
    await writeFile(path, body);
  },
  'another file, whole': (path) => writeFile(path, gzipSync('{"another":true}')),
  'another file of the same size': (path) => writeFile(path, gzipSync(Buffer.alloc(RAW.length, '"'))),
  'a bomb': (path) => writeFile(path, gzipSync(Buffer.alloc(5_000_000))),
};

test.each(Object.keys(INJURIES))('names a result that is %s', async (injury) => {
  const { folder, results } = await open();
  const ref = await results.write({ scrapeId: SCRAPE_ID, n: 1, raw: RAW, answer: makeAnswer() });
  for (const [path, read] of [
    [ref.path, () => results.readRaw(ref)],
    [ref.answerPath ?? '', () => results.readAnswer(ref)],
  ] as const) {
    await INJURIES[injury]?.(join(folder, path));
    const error = await storeErrorOf(read());
    expect(error.kind).toBe('damaged');
    expect(error.message).toContain(join(folder, path));
  }
});

test.each(['owner.json', '../../etc/passwd', 'results/../owner.json'])(
  'does not read %s as a result, whoever typed the reference',
  async (path) => {
    const { results } = await open();
    const ref = { path, answerPath: path, bytes: 1, sha256: '', normalized: true };
    expect((await storeErrorOf(results.readRaw(ref))).message).toContain('not a result');
    expect((await storeErrorOf(results.readAnswer(ref))).message).toContain('not a result');
  },
);
