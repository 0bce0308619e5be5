/**
 * Replaces what may be a key or a job id by `[hidden]`: runs of 24 characters, or of 16 with a digit among them. A
 * ScrapeLLM job id opens the job to anybody, and a provider may quote the key in the text that refuses it.
 */
export function hideTokens(text: string): string {
  return text.replace(/[\w-]{16,}/g, (run) => (run.length >= 24 || /\d/.test(run) ? '[hidden]' : run));
}
