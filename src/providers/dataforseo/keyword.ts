/**
 * A prompt as DataForSEO wants it. Their server decodes `%xx` and turns `+` into a space, so both are escaped; `%` first,
 * or the escapes themselves would be escaped. Source: the `keyword` field of every task_post page.
 */
export function escapeKeyword(prompt: string): string {
  return prompt.replaceAll('%', '%25').replaceAll('+', '%2B');
}
