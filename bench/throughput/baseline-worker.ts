import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import * as activities from './baseline-activities.ts';

// The worker of the two baselines with the SDK's defaults: `node --import tsx baseline-worker.ts <address> <namespace> <queue>`.

const [address = '', namespace = '', taskQueue = ''] = process.argv.slice(2);
Runtime.install({ logger: new DefaultLogger('ERROR') });
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue,
  activities,
  workflowsPath: fileURLToPath(new URL('./baseline-workflows.ts', import.meta.url)),
});
const run = worker.run();
process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
await run;
await connection.close();
process.disconnect?.();
