import type { KnownServer } from '../client/find-server.ts';

/** The commands that fit an id: ours, Temporal's, and its page in the UI. */
export function nextSteps(id: string, server: KnownServer | undefined): string[] {
  return [
    `status:   gleaner status ${id}`,
    ...(server
      ? [
          `temporal: temporal workflow describe --address ${server.address} --namespace ${server.namespace} --workflow-id ${id}`,
        ]
      : []),
    ...(server?.uiUrl ? [`UI:       ${workflowLink(id, server.uiUrl, server.namespace)}`] : []),
  ];
}

function workflowLink(id: string, uiUrl: string, namespace: string): string {
  return `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(id)}`;
}
