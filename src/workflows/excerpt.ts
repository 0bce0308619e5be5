/** The beginning of a prompt on one line, for summaries. */
export function excerpt(prompt: string): string {
  const line = prompt.replace(/\s+/g, ' ').trim();
  return line.length <= 60 ? line : `${Array.from(line).slice(0, 59).join('')}…`;
}
