export interface PlainScrapeInput {
  baseUrl: string;
  apiKey: string;
  engine: string;
  prompt: string;
  pollEveryMs: number;
}

/** What the provider says of a job; the answer's fields come along when it is done. */
export interface Job {
  status: string;
}

/** Buys without a journal: a retry of this activity buys again. */
export async function submitJob({ baseUrl, apiKey, engine, prompt }: PlainScrapeInput): Promise<string> {
  const query = new URLSearchParams({ prompt, country: 'US' });
  const response = await fetch(`${baseUrl}/scrapers/${engine}/jobs?${query.toString()}`, {
    method: 'POST',
    headers: { 'X-API-Key': apiKey },
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const { job_id: jobId } = (await response.json()) as { job_id: string }; // our own simulator's answer
  return jobId;
}

/** Returns the whole job, answer included, through Temporal. */
export async function pollJob({ baseUrl, jobId }: { baseUrl: string; jobId: string }): Promise<Job> {
  const response = await fetch(`${baseUrl}/jobs/${jobId}`);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return (await response.json()) as Job; // our own simulator's answer
}
