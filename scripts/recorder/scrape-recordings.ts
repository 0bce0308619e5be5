import type { ScrapeInput } from '../../src/contracts/scrape.ts';
import type { SubmitStep } from '../../src/simulator/faults.ts';
import { bought, ended, recording, reset } from './executions.ts';
import type { Execution, Recording } from './executions.ts';
import { until } from './system.ts';
import type { RecordingSystem } from './system.ts';

const HOUR_MS = 3_600_000;
/** The workflow's first look comes after 1 s and the others a second apart, so a job of this age is seen by the third. */
const UNTIL_THIRD_LOOK_MS = 2_400;

/** Every way in which a scrape that was started alone can go. */
export const SCRAPE_RECORDINGS: readonly Recording[] = [
  recording(['scrape-done-polled-three-times'], async (system) => {
    await faults(system, [{ fault: 'duration', ms: UNTIL_THIRD_LOOK_MS }]);
    return { 'scrape-done-polled-three-times': await scrape(system, 'polled') };
  }),
  recording(['scrape-done-by-hint'], async (system) => {
    await faults(system, [{ fault: 'duration', ms: HOUR_MS }]);
    const handle = await begin(system, 'hinted');
    const { taskId } = await bought(system, handle.workflowId);
    await system.control.ready(taskId);
    await handle.signal('completed', { taskId });
    await ended(handle);
    return { 'scrape-done-by-hint': handle };
  }),
  recording(['scrape-failed-twice'], async (system) => {
    await faults(system, [{ fault: 'fail-job' }, { fault: 'fail-job' }]);
    return { 'scrape-failed-twice': await scrape(system, 'failed-twice') };
  }),
  recording(['scrape-failed-then-done'], async (system) => {
    await faults(system, [{ fault: 'fail-job' }]);
    return { 'scrape-failed-then-done': await scrape(system, 'failed-then-done') };
  }),
  recording(['scrape-expired'], async (system) => {
    await faults(system, [{ fault: 'duration', ms: UNTIL_THIRD_LOOK_MS }]);
    const handle = await begin(system, 'expired');
    await bought(system, handle.workflowId);
    await system.control.advance(25 * HOUR_MS);
    await ended(handle);
    return { 'scrape-expired': handle };
  }),
  recording(['scrape-unknown'], async (system) => {
    await faults(system, [{ fault: 'reset-after' }]);
    return { 'scrape-unknown': await scrape(system, 'unknown') };
  }),
  recording(['scrape-unknown-resubmitted'], async (system) => {
    await faults(system, [{ fault: 'reset-after' }]);
    return { 'scrape-unknown-resubmitted': await scrape(system, 'resubmitted', { onUnknown: 'resubmit' }) };
  }),
  recording(['scrape-cancelled-before-buying'], async (system) => {
    await faults(
      system,
      Array.from({ length: 30 }, () => ({ fault: 'rate-limited' as const })),
    );
    const handle = await begin(system, 'cancelled-before');
    const refused = async (): Promise<unknown> =>
      (await system.store.journal.read(handle.workflowId, 1))?.refused;
    await until(refused, 'it is refused once');
    await handle.cancel();
    await ended(handle);
    await faults(system, []);
    return { 'scrape-cancelled-before-buying': handle };
  }),
  recording(['scrape-cancelled-while-buying'], async (system) => {
    await system.control.setKnobs({ slowSubmitMs: 1_500 });
    await faults(system, [{ fault: 'slow' }]);
    const handle = await begin(system, 'cancelled-while-buying');
    const intended = async (): Promise<unknown> => system.store.journal.read(handle.workflowId, 1);
    await until(intended, 'its intent is written');
    await handle.cancel();
    await ended(handle);
    return { 'scrape-cancelled-while-buying': handle };
  }),
  recording(['scrape-cancelled-while-bought'], async (system) => {
    await faults(system, [{ fault: 'duration', ms: UNTIL_THIRD_LOOK_MS }]);
    const handle = await begin(system, 'cancelled-while-bought');
    await bought(system, handle.workflowId);
    await handle.cancel();
    await ended(handle);
    return { 'scrape-cancelled-while-bought': handle };
  }),
  recording(['scrape-refused-by-ceiling'], async (system) => {
    return { 'scrape-refused-by-ceiling': await scrape(system, 'ceiling', { maxCredits: 2 }) };
  }),
  recording(['scrape-refused-by-provider'], async (system) => {
    const body = Buffer.from('{"detail":"prompt was refused by our content rules"}');
    system.nextReplies.push({
      kind: 'reply',
      reply: { status: 422, headers: {}, body, serverTimeMs: Date.now() },
    });
    return { 'scrape-refused-by-provider': await scrape(system, 'refused') };
  }),
  recording(['scrape-receipt-journalled-late'], async (system) => {
    system.lostReceipts.count = 1;
    return { 'scrape-receipt-journalled-late': await scrape(system, 'journalled-late') };
  }),
  recording(['scrape-invalid-shape'], async (system) => {
    return { 'scrape-invalid-shape': await scrape(system, 'invalid-shape', { promt: 'typo' } as object) };
  }),
  recording(['scrape-invalid-market'], async (system) => {
    return { 'scrape-invalid-market': await scrape(system, 'invalid-market', { market: 'Atlantis' }) };
  }),
  recording(['scrape-reset'], async (system) => {
    await faults(system, [{ fault: 'duration', ms: UNTIL_THIRD_LOOK_MS }]);
    const { workflowId } = await begin(system, 'reset');
    await bought(system, workflowId);
    const run = await reset(system, workflowId);
    await ended(system.client.workflow.getHandle(workflowId, run.runId));
    return { 'scrape-reset': run };
  }),
  recording(['scrape-stored-before'], async (system) => {
    await scrape(system, 'stored');
    return { 'scrape-stored-before': await scrape(system, 'stored') };
  }),
  recording(['storeBinding-open'], async (system) => {
    const { workflowId } = await system.start('storeBindingWorkflow', 'gleaner/store', undefined);
    const begun = async (): Promise<boolean> =>
      (await system.client.workflow.getHandle(workflowId).describe()).historyLength >= FIRST_TASK_EVENTS;
    await until(begun, 'its first workflow task is done');
    return { 'storeBinding-open': { workflowId } };
  }),
  recording(['unknownType-failed'], async (system) => {
    const handle = await system.start('scrapWorkflow', 'mistyped', {});
    await ended(handle);
    return { 'unknownType-failed': handle };
  }),
];

const FIRST_TASK_EVENTS = 4;

function faults(system: RecordingSystem, steps: SubmitStep[]): Promise<unknown> {
  return system.control.script({ on: 'submit', steps });
}

function begin(system: RecordingSystem, name: string, input: Partial<ScrapeInput> = {}) {
  const prompt = `best desk lamp for a small room (${name})`;
  return system.start('scrapeWorkflow', `scrape/${name}`, { scraper: 'scrapellm/chatgpt', prompt, ...input });
}

async function scrape(
  system: RecordingSystem,
  name: string,
  input: Partial<ScrapeInput> = {},
): Promise<Execution> {
  const handle = await begin(system, name, input);
  await ended(handle);
  return { workflowId: handle.workflowId, runId: handle.firstExecutionRunId };
}
