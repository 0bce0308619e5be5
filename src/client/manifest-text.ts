import type { ManifestProblem } from './manifest-row.ts';

export type DecodedText = { ok: true; text: string } | { ok: false; problem: ManifestProblem };

/** UTF-8 without its byte order mark; anything else is refused, because a wrong guess would be bought as it is. */
export function decodeText(bytes: Uint8Array): DecodedText {
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { ok: false, problem: encodingProblem(bytes) };
  }
}

function encodingProblem(bytes: Uint8Array): ManifestProblem {
  const save = 'save it as UTF-8 (in Excel: "CSV UTF-8")';
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  if (mark === 0xfffe || mark === 0xfeff) return { field: 'file', message: `is UTF-16; ${save}` };
  const offset = validPrefix(bytes);
  const line = bytes.subarray(0, offset).filter((byte) => byte === 0x0a).length + 1;
  const byte = bytes[offset];
  const found =
    byte === undefined ? 'the file ends inside a character' : `0x${byte.toString(16).padStart(2, '0')}`;
  return { field: `line ${line}, byte ${offset}`, message: `is not UTF-8 (${found}); ${save}`, line };
}

/** Length of the longest start of `bytes` that is UTF-8; a prefix that ends inside a character still counts as valid. */
function validPrefix(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length + 1;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >>> 1;
    if (isValidStart(bytes.subarray(0, middle))) valid = middle;
    else invalid = middle;
  }
  return valid;
}

function isValidStart(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
