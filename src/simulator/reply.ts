/** What the simulator answers, before HTTP: the routes only carry it out. */
export interface Reply {
  status: number;
  /** JSON unless `contentType` says otherwise. */
  body: unknown;
  contentType?: string;
  headers?: Record<string, string>;
  /** The answer leaves this much later. */
  delayMs?: number;
  /** The connection is reset instead of answered. */
  reset?: boolean;
}

export function json(status: number, body: unknown): Reply {
  return { status, body };
}

/** The vendor's one error shape; docs.scrapellm.com, guides/error-handling. */
export function problem(status: number, detail: unknown): Reply {
  return json(status, { detail });
}

export function text(status: number, body: string, contentType: string): Reply {
  return { status, body, contentType };
}

/** The client sees its connection reset. */
export const RESET: Reply = { status: 0, body: null, reset: true };

/** An answer that was cut off in the middle, or is no JSON at all. */
export const GARBAGE = '{"job_id": "3f7a2b1c-9e4d-';
