import {
  type FlowDocument,
  type FlowReference,
  formatFlowReference,
  listFlowReferences,
  readNamedFlows,
} from '@kumiki/flow';
import { ApiError } from '../api/problem.ts';
import type { FlowStore } from './flow-store.ts';

/** Gives a version's document. Rejects where there is none, or it cannot be read. */
export type ReadVersion = (reference: FlowReference) => Promise<FlowDocument>;

/**
 * Reads the versions that the open flow names, and those that they name, and tells the store of them: its nodes have the
 * ports of the flows that they name. Each is read once, since a version never changes. The result stops it.
 */
export function followNamedFlows(flow: FlowStore, readVersion: ReadVersion): () => void {
  const versions = new Map<string, FlowDocument>();
  const asked = new Set<string>();
  const unread = new Set<string>();
  let stopped = false;

  const tell = () => {
    const { learnFlows, nodeTypes } = flow.getState();
    if (!stopped) learnFlows(readNamedFlows(versions, nodeTypes, unread));
  };
  const read = async (reference: FlowReference) => {
    const key = formatFlowReference(reference);
    try {
      const document = await readVersion(reference);
      versions.set(key, document);
      follow(document);
    } catch (error) {
      // Only what the server says is not there is a problem of the flow; anything else is asked again by and by.
      if (!(error instanceof ApiError) || error.status !== 404) {
        asked.delete(key);
        return;
      }
    }
    unread.delete(key);
    tell();
  };
  const follow = (document: FlowDocument) => {
    const { nodeTypes } = flow.getState();
    const fresh = listFlowReferences(document, nodeTypes).filter((one) => !asked.has(formatFlowReference(one)));
    for (const reference of fresh) {
      asked.add(formatFlowReference(reference));
      unread.add(formatFlowReference(reference));
    }
    if (fresh.length > 0) tell();
    for (const reference of fresh) void read(reference);
  };

  follow(flow.getState().document);
  const unsubscribe = flow.subscribe((state, before) => {
    if (state.document !== before.document) follow(state.document);
  });
  return () => {
    stopped = true;
    unsubscribe();
  };
}
