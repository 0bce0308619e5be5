import { resolve } from 'node:path';
import type { ConfigFiles } from './config-files.ts';

/** `empty`: a file is there and holds nothing. */
export type Secret = { ok: true; secret: string } | { ok: false; message: string; empty?: true };

/** Reads a key from a file; the message of a miss names the file, never what is in it. */
export function readSecretFile(path: string, folder: string, files: ConfigFiles): Secret {
  const file = resolve(folder, path);
  if (files.kind(file) === 'none') return { ok: false, message: `no such file: ${file}` };
  if (files.kind(file) === 'folder') {
    return { ok: false, message: `is a folder, but a file is needed: ${file}` };
  }
  let text: string;
  try {
    text = files.readText(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return { ok: false, message: `cannot be read (${code}): ${file}` };
  }
  if (text.trim() === '') return { ok: false, message: `is empty: ${file}`, empty: true };
  return checkSecret(text);
}

/** A key travels in a header, so it is one word of printable ASCII. */
export function checkSecret(text: string): Secret {
  const secret = text.trim();
  if (/^[\x21-\x7e]+$/.test(secret)) return { ok: true, secret };
  return { ok: false, message: 'must be one word of printable ASCII characters (the value is not shown)' };
}

/** Whether a secret is `login:password`, as Basic authentication joins them. */
export function isLoginAndPassword(secret: string): boolean {
  return /^[^:]+:.+$/.test(secret);
}
