import { buildResult } from './result.ts';
import { vendorTime } from './clock.ts';
import { drawFault, POLL_FAULTS, type PollStep } from './faults.ts';
import { viewJob, type Job, type JobView } from './job.ts';
import { randomStream } from './random.ts';
import { rateLimited } from './admission.ts';
import { GARBAGE, json, problem, RESET, text, type Reply } from './reply.ts';
import type { World } from './world.ts';

/** `GET /jobs/{job_id}`: no key, the id is the credential. */
export function poll(world: World, jobId: string): Reply {
  const nowMs = world.clock.nowMs();
  const job = world.state.jobs.get(jobId);
  if (!job || !isPollable(world, job)) return notFound();
  const nth = watchManners(world, job);
  const view = viewJob(job, nowMs);
  if (view === 'expired') return notFound();
  const step = chooseFault(world, job, nth);
  world.traffic.faults.note(world.clock.wallMs(), 'poll', step.fault, [job.request.prompt]);
  return faulty(world, job, step, nowMs) ?? answer(world, job, view, step);
}

function isPollable(world: World, job: Job): boolean {
  return job.kind === 'async' || world.knobs.syncJobsPollable;
}

/** Books polls that no well-behaved client makes; returns which poll of the job this is. */
function watchManners(world: World, job: Job): number {
  const { jobId } = job;
  const { gapMs, nth } = world.traffic.polled(jobId, world.clock.wallMs());
  const atMs = world.clock.nowMs();
  if (world.state.deliveries.has(jobId)) {
    world.record({ type: 'violated', violation: { rule: 'poll after a terminal state', jobId, atMs } });
  }
  if (gapMs !== undefined && gapMs < MIN_GAP_MS) {
    world.record({ type: 'violated', violation: { rule: 'poll within a second of the last', jobId, atMs } });
  }
  return nth;
}

/** One second, less what two requests sent a second apart may close up on their way. */
const MIN_GAP_MS = 950;

function chooseFault(world: World, job: Job, nth: number): PollStep {
  const scripted = world.scripts.nextPoll(job.key, job.request.scraper);
  if (scripted) return scripted;
  const random = randomStream(world.state.seed, 'poll fault', job.identity, job.nth, nth);
  return { fault: drawFault(POLL_FAULTS, world.knobs.pollFaults, random) ?? 'none' };
}

/** The faults that say nothing about the job. A terminal state that was told once is never taken back. */
function faulty(world: World, job: Job, step: PollStep, nowMs: number): Reply | undefined {
  const told = world.state.deliveries.has(job.jobId);
  const young = nowMs < job.createdAtMs + world.knobs.youngJobMs;
  const unknown = json(200, pending(world, job, step.status ?? world.knobs.unknownStatus));
  const faults: Partial<Record<PollStep['fault'], Reply | undefined>> = {
    'rate-limited': rateLimited(world),
    'error-500': problem(500, 'Internal server error'),
    'error-502': text(502, HTML_BODY, 'text/html'),
    'html-body': text(200, HTML_BODY, 'text/html'),
    'garbage-body': text(200, GARBAGE, 'application/json'),
    reset: RESET,
    'not-found': young && !told ? notFound() : undefined,
    'unknown-status': told ? undefined : unknown,
  };
  return faults[step.fault];
}

function answer(world: World, job: Job, view: Exclude<JobView, 'expired'>, step: PollStep): Reply {
  const delayMs = step.fault === 'slow' ? (step.ms ?? world.knobs.slowPollMs) : 0;
  if (view === 'pending') return { ...json(200, pending(world, job, 'pending')), delayMs };
  world.record({ type: 'delivered', jobId: job.jobId, atMs: world.clock.nowMs() });
  return { ...json(200, view === 'done' ? done(world, job) : failed(job)), delayMs };
}

function pending(world: World, job: Job, status: string): Record<string, unknown> {
  return {
    job_id: job.jobId,
    status,
    scraper: job.request.scraper,
    prompt: job.request.prompt,
    country: job.request.country,
    created_at: vendorTime(job.createdAtMs),
    ...(world.knobs.pendingCompletedAt === 'null' && { completed_at: null }),
  };
}

function done(world: World, job: Job): Record<string, unknown> {
  return {
    job_id: job.jobId,
    status: 'done',
    scraper: job.request.scraper,
    prompt: job.request.prompt,
    country: job.request.country,
    result: buildResult(world.state.seed, job),
    created_at: vendorTime(job.createdAtMs),
    completed_at: vendorTime(job.finishAtMs),
  };
}

/** The vendor's example of a failed job has neither prompt nor country. */
function failed(job: Job): Record<string, unknown> {
  return {
    job_id: job.jobId,
    status: 'failed',
    scraper: job.request.scraper,
    error: 'execution failed',
    created_at: vendorTime(job.createdAtMs),
    completed_at: vendorTime(job.finishAtMs),
  };
}

/** Unknown, malformed and expired ids get one and the same answer. */
function notFound(): Reply {
  return problem(404, 'Job not found or expired (jobs are retained for 24 hours)');
}

const HTML_BODY =
  '<!DOCTYPE html><html><head><title>Just a moment</title></head><body>Please wait</body></html>';
