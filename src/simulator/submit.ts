import { admit, outOfCredits, overLimit, refusalOf } from './admission.ts';
import { vendorTime } from './clock.ts';
import { drawFault, SUBMIT_FAULTS, type SubmitStep } from './faults.ts';
import type { Job } from './job.ts';
import { makeJob, planJob } from './make-job.ts';
import { randomStream } from './random.ts';
import { GARBAGE, json, problem, RESET, text, type Reply } from './reply.ts';
import type { PaidCall, World } from './world.ts';

/** `POST /scrapers/{scraper}/jobs`: makes and charges a job, unless a rule or a fault stands in the way. */
export function submit(world: World, call: PaidCall): Reply {
  const admitted = admit(world, call);
  if (!admitted.ok) return admitted.reply;
  const { key, request, identity } = admitted;
  const step = chooseFault(world, key, request.scraper, identity);
  world.traffic.faults.note(world.clock.wallMs(), 'submit', step.fault, [request.prompt]);
  const plan = planJob(world, admitted);
  const refusal =
    overLimit(world, request) ??
    refusalOf(world, step.fault, request.scraper) ??
    outOfCredits(world, key, plan.priceCredits);
  if (refusal) {
    world.record({ type: 'submitted', identity });
    return refusal;
  }
  const job = forced(makeJob(world, admitted, plan), world, step);
  world.record({ type: 'submitted', identity, job });
  return answerOf(world, job, step);
}

function chooseFault(world: World, key: string, scraper: string, identity: string): SubmitStep {
  const scripted = world.scripts.nextSubmit(key, scraper);
  if (scripted) return scripted;
  const nth = world.state.purchases.get(identity)?.submits ?? 0;
  const random = randomStream(world.state.seed, 'submit fault', identity, nth);
  return { fault: drawFault(SUBMIT_FAULTS, world.knobs.submitFaults, random) ?? 'none' };
}

/** Faults that shape the job itself. */
function forced(job: Job, world: World, step: SubmitStep): Job {
  const durationMs = step.fault === 'duration' ? (step.ms ?? 0) : world.knobs.durationMs;
  const fails = step.fault === 'fail-job';
  return {
    ...job,
    ...(durationMs !== null && {
      finishAtMs: job.createdAtMs + durationMs,
      elapsedMs: Math.min(job.elapsedMs, durationMs),
    }),
    ...(fails && { outcome: 'failed' as const, attempts: world.knobs.attempts }),
    answer: { ...job.answer, empty: job.answer.empty || step.fault === 'empty-answer' },
  };
}

/** Faults that come after the job: it is made and charged, and the answer does not say so. */
function answerOf(world: World, job: Job, step: SubmitStep): Reply {
  const accepted = json(202, submitBody(world, job));
  const answers: Partial<Record<SubmitStep['fault'], Reply>> = {
    'reset-after': RESET,
    'error-500-after': problem(500, 'Scraper error'),
    'error-504-after': problem(504, 'Network timeout reaching the scraper'),
    slow: { ...accepted, delayMs: step.ms ?? world.knobs.slowSubmitMs },
    'no-job-id': json(202, { status: 'pending', scraper: job.request.scraper }),
    'garbage-body': text(202, GARBAGE, 'application/json'),
  };
  return answers[step.fault] ?? accepted;
}

/** Only `job_id` is documented; the rest is shaped like a pending poll. */
function submitBody(world: World, job: Job): Record<string, unknown> {
  if (world.knobs.submitBody === 'job-id-only') return { job_id: job.jobId };
  const { scraper, prompt, country } = job.request;
  return {
    job_id: job.jobId,
    status: 'pending',
    scraper,
    prompt,
    country,
    created_at: vendorTime(job.createdAtMs),
  };
}
