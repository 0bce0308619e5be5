import { parseArgs } from 'node:util';

export interface CampaignOptions {
  /** Decides every choice of the adversary and of the simulators; not when each comes, which depends on the machine. */
  seed: string;
  /** How long new batches are started and faults fall; what is open then is settled without faults. */
  seconds: number;
  /** Goes on beyond that, for some minutes at most, until so many faults were made: a busy machine makes few in a short time. */
  leastFaults: number;
  /** At most so many scrapes. */
  scrapes: number;
  /** Scrapes of one batch. */
  batchSize: number;
  /** Batches that are open at once; more (four times as many) while hardly anything of them is left to be collected. */
  batchesAtOnce: number;
  /** Worker processes. */
  workers: number;
  /** Git revision whose workers run beside this one's, every second process; undefined: one version only. */
  also: string | undefined;
  /** Mean time from one fault of processes, workflows, disk or clock to the next, milliseconds. */
  everyMs: number;
  /** How often workers are killed, where everything else together has a weight of about 130. */
  killWeight: number;
  /** Whether the workflows of batches are reset too: one that is looks at its scrapes once a minute, so it takes long. */
  resetsBatches: boolean;
  /** Reports of earlier runs: what they made often is drawn less often. */
  after: readonly string[];
  /** Ends with an audit; then no time leaps, since a provider's list of purchases reaches back for a month only. */
  audit: boolean;
  /** Where the report is written, as JSON. */
  report: string;
  /** Leaves store, database and logs where they are. */
  keep: boolean;
}

/** Reads the command line; throws an Error that names what is wrong. */
export function readOptions(args: string[]): CampaignOptions {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '5' },
      scrapes: { type: 'string', default: '100000' },
      'batch-size': { type: 'string', default: '60' },
      'batches-at-once': { type: 'string', default: '3' },
      workers: { type: 'string', default: '2' },
      also: { type: 'string' },
      'every-ms': { type: 'string', default: '700' },
      'kill-weight': { type: 'string', default: '24' },
      after: { type: 'string', multiple: true, default: [] },
      audit: { type: 'boolean', default: false },
      report: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  return {
    seed: values.seed,
    seconds: 60 * positive('minutes', values.minutes),
    leastFaults: 0,
    scrapes: positive('scrapes', values.scrapes),
    batchSize: positive('batch-size', values['batch-size']),
    batchesAtOnce: positive('batches-at-once', values['batches-at-once']),
    workers: positive('workers', values.workers),
    also: values.also,
    everyMs: positive('every-ms', values['every-ms']),
    killWeight: positive('kill-weight', values['kill-weight']),
    resetsBatches: true,
    after: values.after,
    audit: values.audit,
    report: values.report ?? `chaos-${values.seed}.json`,
    keep: values.keep,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name}: "${text}" is not a number above 0`);
  return value;
}
