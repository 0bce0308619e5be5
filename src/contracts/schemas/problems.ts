import type { z } from 'zod';
import { nearest } from '../nearest.ts';

/** One wrong thing about what somebody gave us: where it is, and what to write instead. */
export interface Problem {
  /** The place in words or as a path: `prompt`, `prompts[3].market`, `line 7, column market`. */
  field: string;
  message: string;
}

/** More than this and the first ones scroll away. */
const MAX_PRINTED_PROBLEMS = 50;

const MAX_SHOWN_CHARS = 60;

/**
 * Every problem of a failed parse, in input order. `knownFields` names the fields of each strict object by its path, with
 * `[]` for an index (`''` is the root), so that an unknown one can be answered with the nearest that exists.
 */
export function toProblems(error: z.ZodError, knownFields: Record<string, readonly string[]>): Problem[] {
  const problems = error.issues.flatMap((issue): Problem[] => {
    if (issue.code !== 'unrecognized_keys') {
      return [{ field: formatPath(issue.path), message: issue.message }];
    }
    const known = knownFields[formatPath(issue.path).replaceAll(/\d+(?=\])/g, '')] ?? [];
    return issue.keys.map((key) => ({
      field: formatPath([...issue.path, showName(key)]),
      message: unknownField(key, known),
    }));
  });
  // A value can break two rules that are told in the same words.
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const line = formatProblem(problem);
    return seen.has(line) ? false : seen.add(line);
  });
}

/** Says that a name means nothing here, and which one was probably meant. */
function unknownField(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === undefined
    ? `unknown field. Known: ${known.join(', ')}`
    : `unknown field. Did you mean "${near}"?`;
}

/** `prompt: must not be empty`; a problem with the whole input has no field. */
export function formatProblem(problem: Problem): string {
  return problem.field === '' ? problem.message : `${problem.field}: ${problem.message}`;
}

/** One line a problem, at most `max` of them and then how many more there are. */
export function formatProblems(problems: readonly Problem[], max = MAX_PRINTED_PROBLEMS): string[] {
  const lines = problems.slice(0, max).map(formatProblem);
  return problems.length > max ? [...lines, `and ${problems.length - max} more`] : lines;
}

/** A value as JSON, cut so that a long or odd one cannot flood a message. */
export function showValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return cut(toJson(value) ?? typeof value);
}

/** JSON of anything; undefined where a value has none, such as a function or a circle. */
export function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function showName(name: string): string {
  return /^[\w.-]+$/.test(name) ? cut(name) : showValue(name);
}

function cut(text: string): string {
  const chars = Array.from(text.slice(0, 2 * MAX_SHOWN_CHARS + 2));
  return chars.length > MAX_SHOWN_CHARS ? `${chars.slice(0, MAX_SHOWN_CHARS - 1).join('')}…` : text;
}

/** `accounts[0].name` */
function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
