import { cpuMs as ownCpuMs, peakRssBytes, treeCpuMs } from '../throughput/process-usage.ts';

export interface MeteredProcess {
  role: 'server' | 'postgres' | 'worker' | 'simulator';
  /** Stays the same when it is started again. */
  name: string;
  pid: number;
}

interface Life extends MeteredProcess {
  /** CPU that it had used when the measurement began. */
  beforeMs: number;
  cpuMs: number;
  peakBytes: number;
}

/** Adds up CPU and memory of processes that come and go; what it saw last of one that ended is kept. */
export class UsageMeter {
  readonly #running: () => readonly MeteredProcess[];
  #lives: Life[] = [];

  constructor(running: () => readonly MeteredProcess[]) {
    this.#running = running;
  }

  /** Begins the measurement: CPU that was used until now is left out, also what memory ended processes had. */
  begin(): void {
    this.#lives = [];
    this.sample();
    for (const life of this.#lives) life.beforeMs = life.cpuMs;
  }

  /** Looks at everything that runs; to be called right before something is ended. */
  sample(): void {
    for (const process of this.#running()) {
      const life = this.#lives.find(({ name, pid }) => name === process.name && pid === process.pid);
      try {
        const cpuMs = process.role === 'postgres' ? treeCpuMs(process.pid) : ownCpuMs(process.pid);
        const peakBytes = peakRssBytes(process.pid);
        if (life) Object.assign(life, { cpuMs, peakBytes });
        else this.#lives.push({ ...process, beforeMs: 0, cpuMs, peakBytes });
      } catch {
        // It ended since it was listed.
      }
    }
  }

  /** User and system time of all lives of all processes of this role. */
  cpuMs(role: MeteredProcess['role']): number {
    return this.#of(role).reduce((sum, { cpuMs, beforeMs }) => sum + cpuMs - beforeMs, 0);
  }

  /** The most that each process ever had resident, over its lives. */
  peaks(role: MeteredProcess['role']): Array<{ name: string; lives: number; peakBytes: number }> {
    const names = [...new Set(this.#of(role).map(({ name }) => name))].sort();
    return names.map((name) => {
      const lives = this.#of(role).filter((life) => life.name === name);
      return { name, lives: lives.length, peakBytes: Math.max(...lives.map(({ peakBytes }) => peakBytes)) };
    });
  }

  #of(role: MeteredProcess['role']): Life[] {
    return this.#lives.filter((life) => life.role === role);
  }
}
