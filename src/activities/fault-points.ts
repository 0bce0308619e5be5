/**
 * Steps of the paid path between which a process can die, in order. Tests inject a function that kills the worker at
 * one of them; production injects nothing. A step without a point here cannot be tested, so add one with each step.
 */
export const FAULT_POINTS = [
  'submit:before-intent',
  'submit:after-intent',
  'submit:request-sent',
  'submit:answer-received',
  'submit:receipt-written',
  'page:before-intents',
  'page:intent-written',
  'page:intents-written',
  'page:request-sent',
  'page:answer-received',
  'page:receipt-written',
  'page:outcomes-written',
  'check:answer-received',
  'check:variant-stored',
  'check:result-stored',
  'check:verdict-written',
  'check:record-written',
] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];
