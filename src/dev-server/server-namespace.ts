import { isGrpcServiceError } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { connectClient } from './connect.ts';

/** https://grpc.io/docs/guides/status-codes/ */
const NOT_FOUND = 5;
/** How long closed workflows are kept; `temporal server start-dev` gives its own namespaces the same. */
const RETENTION = '1 day';

/** Makes sure that a dev server, maybe started with another namespace, has this one; throws if it does not answer. */
export async function ensureNamespace(address: string, namespace: string, timeoutMs: number): Promise<void> {
  const connection = await connectClient({ address }, timeoutMs);
  try {
    await connection.withDeadline(Date.now() + timeoutMs, async () => {
      try {
        await connection.workflowService.describeNamespace({ namespace });
      } catch (error) {
        const code: number | undefined = isGrpcServiceError(error) ? error.code : undefined;
        if (code !== NOT_FOUND) throw error;
        const workflowExecutionRetentionPeriod = msToTs(RETENTION);
        await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
      }
    });
  } finally {
    await connection.close();
  }
}
