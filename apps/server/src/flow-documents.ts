import { createHash } from 'node:crypto';
import { type FlowDocument, formatFlow, parseFlow } from '@kumiki/flow';
import { type Database, freezeVersion } from '@kumiki/store';
import { DocumentInvalidError } from './http/problem.ts';

/** Throws what is wrong with it, as problems. */
export function readDocument(source: unknown): FlowDocument {
  const parsed = parseFlow(source);
  if (parsed.document === null) throw new DocumentInvalidError(parsed.problems);
  return parsed.document;
}

/** Freezes a document under the hash of its canonical text: an equal one keeps its number. */
export function freezeDraft(
  database: Database,
  draft: { readonly workspace: string; readonly flow: string; readonly document: FlowDocument },
) {
  const documentHash = createHash('sha256').update(formatFlow(draft.document)).digest('hex');
  return freezeVersion(database, { ...draft, documentHash });
}
