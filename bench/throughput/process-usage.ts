import { readdirSync, readFileSync } from 'node:fs';

/** Linux gives times in ticks of 10 ms to every process, whatever its kernel counts in (proc(5), USER_HZ). */
const MS_PER_TICK = 10;

/** CPU time that a process has used in all its threads, user and system, in milliseconds. Linux only. */
export function cpuMs(pid: number): number {
  return ticksOf(`/proc/${pid}/stat`) * MS_PER_TICK;
}

/** The most memory that a process has ever had resident, in bytes; throws if it has ended. */
export function peakRssBytes(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error(`process ${pid} has ended`); // it is there until somebody waits for it
  return Number(kilobytes) * 1024;
}

/** CPU time by thread name; threads that ended are in none of them. */
export function cpuMsByThread(pid: number): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const tid of readdirSync(`/proc/${pid}/task`)) {
    const path = `/proc/${pid}/task/${tid}`;
    const name = readFileSync(`${path}/comm`, 'utf8').trim();
    const label = Number(tid) === pid ? `${name} (main)` : name.replace(/[-\s]*\d+$/, '');
    sums[label] = (sums[label] ?? 0) + ticksOf(`${path}/stat`) * MS_PER_TICK;
  }
  return sums;
}

/**
 * CPU time of a process and of everything that it has started, ended children included, in milliseconds: PostgreSQL is a
 * process for every connection.
 */
export function treeCpuMs(pid: number): number {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? []);
  const sum = (root: number): number =>
    all.filter((one) => one.parent === root).reduce((ms, one) => ms + one.withEndedMs + sum(one.pid), 0);
  return ticksOf(`/proc/${pid}/stat`, 4) * MS_PER_TICK + sum(pid);
}

/** Undefined if it has ended. */
function statOf(pid: number): { pid: number; parent: number; withEndedMs: number } | undefined {
  try {
    const path = `/proc/${pid}/stat`;
    return { pid, parent: Number(fieldsOf(path)[1]), withEndedMs: ticksOf(path, 4) * MS_PER_TICK };
  } catch {
    return undefined;
  }
}

/** Fields 14 and 15 of proc(5); with four of them also the two about children that have ended and were waited for. */
function ticksOf(statPath: string, fields: 2 | 4 = 2): number {
  return fieldsOf(statPath)
    .slice(11, 11 + fields)
    .reduce((sum, field) => sum + Number(field), 0);
}

/** From field 3 on: the name in field 2 may hold spaces and brackets. */
function fieldsOf(statPath: string): string[] {
  const stat = readFileSync(statPath, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
