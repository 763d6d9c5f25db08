import {
  type FlowDocument,
  type FlowReference,
  type FlowVersions,
  formatFlowReference,
  listFlowReferences,
  type NodeTypeDescriptions,
} from '@kumiki/flow';
import { type Database, findVersionDocuments } from '@kumiki/store';

/** More than any flow that can be planned names; it bounds what a document can make the server read. */
const mostVersions = 500;

/** The versions that a document names, and those that they name. One that is not there is left out, for checks to name. */
export async function readNamedVersions(
  database: Database,
  descriptions: NodeTypeDescriptions,
  { workspace, document }: { readonly workspace: string; readonly document: FlowDocument },
): Promise<FlowVersions> {
  const versions = new Map<string, FlowDocument>();
  const asked = new Set<string>();
  let next: readonly FlowReference[] = listFlowReferences(document, descriptions);
  while (next.length > 0 && asked.size <= mostVersions) {
    for (const reference of next) asked.add(formatFlowReference(reference));
    const found = await findVersionDocuments(database, { workspace, references: next });
    for (const { flow, version, document: named } of found) versions.set(formatFlowReference({ flow, version }), named);
    const named = found.flatMap((one) => listFlowReferences(one.document, descriptions));
    const unasked = named.filter((reference) => !asked.has(formatFlowReference(reference)));
    next = [...new Map(unasked.map((reference) => [formatFlowReference(reference), reference])).values()];
  }
  return versions;
}
