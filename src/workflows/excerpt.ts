/** The beginning of a prompt on one line, for people; at most so many code points. */
export function excerpt(prompt: string, maxChars: number): string {
  const chars = Array.from(prompt.replace(/\s+/g, ' ').trim());
  return chars.length <= maxChars ? chars.join('') : `${chars.slice(0, maxChars - 1).join('')}…`;
}
