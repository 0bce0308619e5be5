/**
 * Steps of the paid path between which a process can die, in order. Tests inject a function that kills the worker at
 * one of them; production injects nothing. A step without a point here cannot be tested, so add one with each step.
 */
export const SCRAPE_FAULT_POINTS = [
  'submit:before-intent',
  'submit:after-intent',
  'submit:request-sent',
  'submit:answer-received',
  'submit:receipt-written',
  'submit:refusal-written',
  'submit:answer-journalled',
  'check:answer-received',
  'check:variant-received',
  'check:variant-stored',
  'check:result-stored',
  'check:verdict-written',
  'check:posts-cleared',
  'check:record-written',
  'check:ended',
] as const;

/** The same of buying many scrapes in one call. */
export const PAGE_FAULT_POINTS = [
  'page:before-intents',
  'page:intent-written',
  'page:intents-written',
  'page:request-sent',
  'page:answer-received',
  'page:receipt-written',
  'page:refusal-written',
  'page:outcomes-written',
] as const;

/** The same of what is done for many scrapes at once: reading lists, and settling purchases whose answer was lost. */
export const LIST_FAULT_POINTS = [
  'collect:listed',
  'collect:kept',
  'collect:told',
  'sweep:answered',
  'sweep:adopted',
  'sweep:duplicate-written',
  'sweep:written',
  'reconcile:settled',
  'reconcile:post-adopted',
  'resend:answered',
] as const;

/** The same of a batch as a whole, and of a cancel. */
export const BATCH_FAULT_POINTS = [
  'batch:planned',
  'batch:ceiling-written',
  'batch:record-written',
  'cancel:withdrawn',
  'cancel:marked',
] as const;

/** The same of reserving money of an account's cap, which only accounts with one do. */
export const CAP_FAULT_POINTS = ['cap:before-line', 'cap:line-written', 'cap:taken-back'] as const;

export type FaultPoint =
  | (typeof SCRAPE_FAULT_POINTS)[number]
  | (typeof PAGE_FAULT_POINTS)[number]
  | (typeof LIST_FAULT_POINTS)[number]
  | (typeof BATCH_FAULT_POINTS)[number]
  | (typeof CAP_FAULT_POINTS)[number];
