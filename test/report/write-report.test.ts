import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFileStore } from '../../src/store/open-store.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { BATCH, BRANDS, fillShelf, storeOf } from './fixtures.ts';

describe('writeReport', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gleaner-report-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('writes one whole file and says how large it is', async () => {
    const file = join(folder, 'new', 'report.html');
    const { path, bytes } = await writeReport(storeOf(fillShelf()), BATCH, file, { brands: BRANDS });
    const page = await readFile(file);
    expect({ path, bytes }).toEqual({ path: file, bytes: page.byteLength });
    expect(page.toString().trimEnd().endsWith('</html>')).toBe(true);
    expect(await readdir(join(folder, 'new'))).toEqual(['report.html']);
  });

  it('reads a batch out of a store of files, and names what was damaged there', async () => {
    const store = await openFileStore(join(folder, 'store'), { simulated: false });
    const shelf = fillShelf({ prompts: ['Best trail shoes?'] });
    const pages = [...shelf.pages.values()].flatMap((page) => (page instanceof StoreError ? [] : [page]));
    await store.batches.create(shelf.manifest, pages);
    for (const record of shelf.records.values()) {
      if (record instanceof StoreError) throw record;
      const answer = shelf.answers.get(record.result?.answerPath ?? '');
      if (answer === undefined || answer instanceof StoreError)
        throw new Error('every scrape of this batch has an answer');
      const raw = new TextEncoder().encode(record.scrapeId);
      const result = await store.results.write({ scrapeId: record.scrapeId, n: 1, raw, answer });
      await store.records.write({ ...record, result });
    }
    const [damagedOne] = shelf.records.keys();
    const ref = (await store.records.read(damagedOne ?? ''))?.result;
    await writeFile(join(folder, 'store', ref?.answerPath ?? ''), 'no answer at all');

    const file = join(folder, 'report.html');
    await writeReport(store, BATCH, file, { brands: BRANDS });
    const page = await readFile(file, 'utf8');
    expect(page.match(/<article class="result done"/g)).toHaveLength(7);
    expect(page.match(/<pre class="text"/g)).toHaveLength(5); // one is damaged, one has products only
    expect(page).toContain('not readable');
  });

  it('leaves the old report alone when the new one cannot be made', async () => {
    const file = join(folder, 'report.html');
    await writeFile(file, 'old');
    await expect(writeReport(storeOf(fillShelf()), 'batch/other', file)).rejects.toThrow(
      'no batch "batch/other"',
    );
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['report.html']);
  });
});
