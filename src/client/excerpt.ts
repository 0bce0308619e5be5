/** The start of a text on one line, cut between characters. */
export function excerpt(text: string, maxChars: number): string {
  const line = text
    .slice(0, 8 * maxChars)
    .replace(/\s+/g, ' ')
    .trim();
  const chars = Array.from(line);
  const whole = chars.length <= maxChars && text.length <= 8 * maxChars;
  return whole
    ? line
    : `${chars
        .slice(0, maxChars - 1)
        .join('')
        .trimEnd()}…`;
}
