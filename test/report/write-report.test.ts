import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
