import { createHash } from 'node:crypto';

/** What a prompt is about, in few words, for sentences, addresses and searches. */
export interface Topic {
  /** Fit for a sentence: no question mark, at most 80 code points. */
  phrase: string;
  /** Lower-case ASCII words with hyphens; a hash where the prompt has none. */
  slug: string;
  /** One word of it, for short titles. */
  word: string;
}

const MAX_PHRASE_CHARS = 80;
/** How questions begin that say nothing about their subject. */
const QUESTION_OPENING =
  /^(?:(?:what|which|who|how|where|why|when|is|are|do|does|can|should|tell|give|me|us|i|we|you|the|a|an|best|top)(?:\s+|'s\s+))+/i;

/** Reads the topic out of a prompt in any script. */
export function topicOf(prompt: string): Topic {
  const line = prompt.trim().replace(/\s+/gu, ' ');
  const bare = line.replace(QUESTION_OPENING, '').replace(/[?!.。?!\s]+$/u, '') || line;
  const chars = Array.from(bare);
  const cut = chars.slice(0, MAX_PHRASE_CHARS).join('');
  // Cut at a word where there are words; scripts without spaces are cut anywhere.
  const phrase = chars.length > MAX_PHRASE_CHARS ? `${cut.replace(/\s+\S*$/u, '')}…` : cut;
  const words = bare.toLowerCase().match(/[a-z0-9]{2,20}/g) ?? [];
  const slug =
    words.slice(0, 6).join('-') || `q${createHash('sha256').update(prompt).digest('hex').slice(0, 8)}`;
  const word = words.find((each) => each.length > 3) ?? words[0] ?? 'question';
  return { phrase, slug, word };
}
