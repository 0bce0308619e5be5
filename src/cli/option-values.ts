import { InvalidArgumentError } from 'commander';
import { parseCharge, toMicros } from '../contracts/money.ts';
import type { Params } from '../contracts/scrape.ts';

/** Reads an option as a whole number within limits. */
export function parseWhole(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    const limits = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw new InvalidArgumentError(`It must be a whole number ${limits}.`);
  };
}

/** Reads an option as dollars, such as `1.25`. */
export function parseUsd(text: string): number {
  const usd = /^\d+(\.\d+)?$/.test(text) ? toMicros(Number(text)) : undefined;
  if (usd === undefined)
    throw new InvalidArgumentError('It must be dollars such as 1.25, at most 6 decimals.');
  return Number(text);
}

/** Reads an option as an amount of money in words, such as `$0.01` or `5 credits`. */
export function parseAmount(text: string): string {
  if (parseCharge(text)) return text;
  throw new InvalidArgumentError('It must be an amount such as "5 credits", "$0.01" or "5 credits + $0.01".');
}

/** Reads an option as a number within limits. */
export function parseNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a number from ${min} to ${max}.`);
  };
}

/** Collects `--param key=value`; true, false and numbers become what they look like. */
export function collectParam(text: string, params: Params = {}): Params {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It must look like key=value.');
  const key = text.slice(0, at).trim();
  const value = text.slice(at + 1).trim();
  if (Object.hasOwn(params, key)) throw new InvalidArgumentError(`"${key}" is given twice.`);
  return { ...params, [key]: toValue(value) };
}

/** Reads a list such as `scrapellm/chatgpt,scrapellm/grok`; may be given several times. */
export function collectList(text: string, list: string[] = []): string[] {
  return [...list, ...text.split(/[\s,]+/).filter(Boolean)];
}

function toValue(text: string): string | number | boolean {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
