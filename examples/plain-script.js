// What most people write first: buy every answer, sleep, poll, append to a file. It works, until the process ends.
// `gleaner demo` runs it beside Gleaner with the same answers and the same `kill -9`, and compares what each side paid.
//
//   SCRAPELLM_API_KEY=… node examples/plain-script.js examples/prompts.csv results.jsonl
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';

const BASE_URL = process.env.SCRAPELLM_BASE_URL ?? 'https://api.scrapellm.com';
const API_KEY = process.env.SCRAPELLM_API_KEY ?? '';
const POLL_EVERY_MS = Number(process.env.POLL_EVERY_MS ?? 3000);
const AT_ONCE = 25;
const ENGINES = ['chatgpt', 'perplexity', 'grok', 'copilot', 'gemini', 'google_ai_mode', 'amazon_rufus'];

const [promptsFile, resultsFile] = process.argv.slice(2);

// After a restart: skip what is in the results file, buy the rest.
const finished = new Set(readResults().map(({ prompt, engine }) => `${engine} ${prompt}`));
const prompts = parse(readFileSync(promptsFile, 'utf8'), { columns: true });
const todo = prompts
  .flatMap(({ prompt, market }) =>
    ENGINES.map((engine) => ({ prompt, engine, country: market.split('/')[0] })),
  )
  .filter(({ prompt, engine }) => !finished.has(`${engine} ${prompt}`));

await Promise.all(Array.from({ length: AT_ONCE }, work));

async function work() {
  for (let task = todo.shift(); task !== undefined; task = todo.shift()) {
    try {
      const jobId = await submit(task); // only this process knows the id
      const job = await waitFor(jobId);
      appendFileSync(resultsFile, `${JSON.stringify({ ...task, job })}\n`);
    } catch (error) {
      console.error(`${task.engine} "${task.prompt}": ${error.message}`);
    }
  }
}

async function submit({ prompt, engine, country }) {
  const query = new URLSearchParams({ prompt, country });
  const response = await fetch(`${BASE_URL}/scrapers/${engine}/jobs?${query}`, {
    method: 'POST',
    headers: { 'X-API-Key': API_KEY },
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
  return (await response.json()).job_id;
}

async function waitFor(jobId) {
  for (;;) {
    await sleep(POLL_EVERY_MS);
    const response = await fetch(`${BASE_URL}/jobs/${jobId}`);
    const job = await response.json();
    if (job.status === 'done') return job;
    if (job.status === 'failed') throw new Error(`job failed: ${job.error}`);
  }
}

function readResults() {
  if (!existsSync(resultsFile)) return [];
  const lines = readFileSync(resultsFile, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}
