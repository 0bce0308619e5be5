import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A part of the system that runs as a process of its own. */
export interface Component {
  pid: number;
  /** What it printed first, as JSON. */
  ready: unknown;
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>;
}

/** Starts a Node process and waits for its first line; throws if it ends before that. */
export async function startComponent(args: string[], env: NodeJS.ProcessEnv): Promise<Component> {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  const line = await Promise.race([firstLine(child), exited.then(() => undefined)]);
  if (line === undefined || child.pid === undefined) throw new Error(`did not start: node ${args.join(' ')}`);
  return {
    pid: child.pid,
    ready: JSON.parse(line),
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    if (child.stdout) createInterface(child.stdout).once('line', resolve);
  });
}
