export interface PlainScrapeInput extends PlainAccount {
  engine: string;
  prompt: string;
  pollEveryMs: number;
}

/** Where the plain loop buys, and with what credential. */
interface PlainAccount {
  provider: 'scrapellm' | 'dataforseo';
  baseUrl: string;
  apiKey: string;
}

/** What the provider says of a job; the answer's fields come along when it is done. */
export interface Job {
  status: 'done' | 'failed' | 'pending' | (string & {});
}

/** Buys without a journal: a retry of this activity buys again. */
export async function submitJob(input: PlainScrapeInput): Promise<string> {
  if (input.provider === 'dataforseo') return postTask(input);
  const query = new URLSearchParams({ prompt: input.prompt, country: 'US' });
  const { job_id: jobId } = await call<{ job_id: string }>(
    `${input.baseUrl}/scrapers/${input.engine}/jobs?${query.toString()}`,
    { method: 'POST', headers: { 'X-API-Key': input.apiKey } },
  );
  return jobId;
}

/** Returns the whole job, answer included, through Temporal. */
export async function pollJob({ jobId, ...account }: PlainAccount & { jobId: string }): Promise<Job> {
  const { provider, baseUrl } = account;
  return provider === 'dataforseo' ? getTask(account, jobId) : call<Job>(`${baseUrl}/jobs/${jobId}`);
}

/** What is read here of DataForSEO's envelope. */
interface Envelope {
  tasks: Array<{ id: string; status_code: number }>;
}

async function postTask({ baseUrl, apiKey, prompt }: PlainScrapeInput): Promise<string> {
  const { tasks } = await call<Envelope>(`${baseUrl}/v3/${IMAGES}/task_post`, {
    method: 'POST',
    headers: { ...basic(apiKey), 'content-type': 'application/json' },
    body: JSON.stringify([{ keyword: prompt, location_code: 2840, language_code: 'en' }]),
  });
  const [task] = tasks;
  if (task?.status_code !== 20_100) throw new Error(`not taken: ${task?.status_code}`);
  return task.id;
}

async function getTask({ baseUrl, apiKey }: PlainAccount, id: string): Promise<Job> {
  const url = `${baseUrl}/v3/${IMAGES}/task_get/advanced/${id}`;
  const answer = await call<Envelope>(url, { headers: basic(apiKey) });
  const code = answer.tasks[0]?.status_code;
  if (code === 20_000) return { status: 'done', ...answer };
  return { status: code === 40_601 || code === 40_602 ? 'pending' : 'failed' };
}

const IMAGES = 'serp/google/images';

function basic(apiKey: string): Record<string, string> {
  return { authorization: `Basic ${apiKey}` };
}

async function call<T>(url: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return (await response.json()) as T; // our own simulator's answer
}
