/** Finds names in a text: `start` and `end` are UTF-16 offsets, in order, without overlap. */
export interface Mention {
  name: string;
  start: number;
  end: number;
}

export type MentionFinder = (text: string) => Mention[];

/**
 * Makes a finder of whole-word, case-insensitive mentions. Where one name begins another ("Kestrel", "Kestrel Labs") the
 * longer one counts. Addresses of web pages name nobody: a link to lumora.example is a citation, not a recommendation.
 */
export function createMentionFinder(names: readonly string[]): MentionFinder {
  const known = new Map(names.map((name) => [fold(name), name]));
  known.delete('');
  if (known.size === 0) return () => [];
  const longestFirst = [...known.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(wholeWord).join('|'), 'giu');
  return (text) => {
    const found: Mention[] = [];
    for (const match of withoutAddresses(text).matchAll(pattern)) {
      const name = known.get(fold(match[0]));
      if (name !== undefined) found.push({ name, start: match.index, end: match.index + match[0].length });
    }
    return found;
  };
}

/** Blanks out addresses without moving what follows them. */
function withoutAddresses(text: string): string {
  return text.replaceAll(/(?:https?:\/\/|www\.)[^\s<>()[\]"'`]+/gi, (address) => ' '.repeat(address.length));
}

function wholeWord(name: string): string {
  const body = name.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`).replaceAll(' ', String.raw`\s+`);
  const chars = Array.from(name);
  const before = UNSPACED.test(chars.at(0) ?? '') ? '' : String.raw`(?<![\p{L}\p{N}\p{M}])`;
  const after = UNSPACED.test(chars.at(-1) ?? '') ? '' : String.raw`(?![\p{L}\p{N}\p{M}])`;
  return before + body + after;
}

/** Scripts that are written without spaces, or with particles attached: there a name's edge is no word's edge. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

function fold(name: string): string {
  return name.trim().replaceAll(/\s+/g, ' ').toLowerCase();
}
