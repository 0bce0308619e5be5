/** How the vendor ends its timestamps: its pages show the first, one sample of an images page the second. */
export type OffsetStyle = '+00:00' | '+0000';

/** `yyyy-mm-dd hh:mm:ss +00:00`, UTC, cut to whole seconds. */
export function formatTime(ms: number, offset: OffsetStyle = '+00:00'): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} ${offset}`;
}

/** Reads a timestamp with any offset, with or without its colon; undefined if it is none. */
export function parseTime(text: unknown): number | undefined {
  const parts = typeof text === 'string' ? TIME.exec(text) : null;
  if (!parts) return undefined;
  const [, day, time, hours, minutes] = parts;
  const ms = Date.parse(`${day}T${time}${hours}:${minutes}`);
  return Number.isNaN(ms) ? undefined : ms;
}

const TIME = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2}) ([+-]\d{2}):?(\d{2})$/;
