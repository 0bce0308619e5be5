import { describe, expect, test } from 'vitest';
import { decodeText } from '../../src/client/manifest-text.ts';
import { formatProblem } from '../../src/contracts/schemas/problems.ts';

describe('decodeText', () => {
  test('takes the byte order mark away', () => {
    expect(decodeText(Buffer.from('\uFEFFprompt'))).toEqual({ ok: true, text: 'prompt' });
  });

  test.each<[string, Buffer, string]>([
    [
      'Latin-1',
      Buffer.from('prompt\ngr\xf6\xdfe', 'latin1'),
      'line 2, byte 9: is not UTF-8 (0xf6); save it as UTF-8 (in Excel: "CSV UTF-8")',
    ],
    [
      'a file cut inside a character',
      Buffer.from('prompt\nä').subarray(0, 8),
      'line 2, byte 8: is not UTF-8 (the file ends inside a character); save it as UTF-8 (in Excel: "CSV UTF-8")',
    ],
    [
      'UTF-16',
      Buffer.from('\uFEFFprompt', 'utf16le'),
      'file: is UTF-16; save it as UTF-8 (in Excel: "CSV UTF-8")',
    ],
    [
      'UTF-16 with high bytes first',
      Buffer.from([0xfe, 0xff, 0, 0x70]),
      'file: is UTF-16; save it as UTF-8 (in Excel: "CSV UTF-8")',
    ],
  ])('refuses %s', (_what, bytes, expected) => {
    const decoded = decodeText(bytes);
    expect(decoded.ok ? '' : formatProblem(decoded.problem)).toBe(expected);
  });

  test('finds the one bad byte of a large file', () => {
    const bytes = Buffer.from('prompt\n'.repeat(100_000));
    bytes[345_678] = 0xff;
    expect(decodeText(bytes)).toMatchObject({
      ok: false,
      problem: { field: 'line 49383, byte 345678', line: 49_383 },
    });
  });
});
