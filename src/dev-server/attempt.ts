/** The places where a Temporal CLI may come from, in the order in which they are tried. */
export const CLI_WAYS = ['TEMPORAL_CLI_PATH', 'PATH', 'cache', 'SDK download', 'PyPI'] as const;
export type CliWay = (typeof CLI_WAYS)[number];

/** One place that was tried; `gleaner doctor` prints these. */
export interface Attempt {
  way: CliWay;
  ok: boolean;
  /** What was found, or why nothing was. */
  detail: string;
}
