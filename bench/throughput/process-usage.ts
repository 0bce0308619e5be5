import { readdirSync, readFileSync } from 'node:fs';

/** Linux gives times in ticks of 10 ms to every process, whatever its kernel counts in (proc(5), USER_HZ). */
const MS_PER_TICK = 10;

/** CPU time that a process has used in all its threads, user and system, in milliseconds. Linux only. */
export function cpuMs(pid: number): number {
  return ticksOf(`/proc/${pid}/stat`) * MS_PER_TICK;
}

/** The most memory that a process has ever had resident, in bytes. */
export function peakRssBytes(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
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

/** Fields 14 and 15 of proc(5); the name in field 2 may hold spaces and brackets, so counting starts behind it. */
function ticksOf(statPath: string): number {
  const stat = readFileSync(statPath, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
