import type { FlowDocument } from '@kumiki/flow';

/**
 * Which file of which collection a document of an index is. Its id is the loader's id in the flow, a slash, and the
 * file's name. Null where the loader reads a folder, or is gone.
 */
export function findLoadedFile(
  document: FlowDocument,
  documentId: string,
): { readonly collection: string; readonly name: string } | null {
  const slash = documentId.indexOf('/');
  const loader = document.nodes[documentId.slice(0, slash)];
  const collection = loader?.settings.collection;
  return typeof collection === 'string' && collection !== '' ? { collection, name: documentId.slice(slash + 1) } : null;
}
