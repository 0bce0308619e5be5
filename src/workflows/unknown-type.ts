import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import { nearest } from '../contracts/nearest.ts';

/** The types that a person may start; the others are started by these. */
const WORKFLOW_TYPES = ['scrapeWorkflow', 'batchWorkflow', 'partitionWorkflow'] as const;

/** Stands in for every type that does not exist, so that a mistyped `--type` fails at once instead of hanging. */
export default async function unknownWorkflowType(): Promise<never> {
  const { workflowType } = workflowInfo();
  const near = nearest(workflowType, WORKFLOW_TYPES);
  throw ApplicationFailure.nonRetryable(
    `unknown workflow type "${workflowType}"${near ? `, did you mean "${near}"?` : ''} ` +
      `This worker knows: ${WORKFLOW_TYPES.join(', ')}`,
    'InvalidInput',
  );
}
