import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  equalFlows,
  type FlowDocument,
  type FlowReference,
  formatFlow,
  formatFlowReference,
  listFlowReferences,
  parseFlow,
  readFlowUse,
} from '@kumiki/flow';
import { nodeTypes } from '@kumiki/nodes';
import { DocumentInvalidError } from '../http/problem.ts';
import { type Connection, unwrap } from './connection.ts';

/** Versions of other flows by what names them (`<id>@<number>`), each before those that name it. */
export type NamedDocuments = ReadonlyMap<
  string,
  { readonly reference: FlowReference; readonly document: FlowDocument }
>;

const folderName = 'flows';
const descriptions = new Map(nodeTypes.map(({ description }) => [description.type, description]));

/** All versions that a document names, also by way of others. Throws `version-unknown`. */
export function fetchNamedFlows({ client }: Connection, document: FlowDocument): Promise<NamedDocuments> {
  return followNames(document, async ({ flow, version }) => {
    const path = { id: flow, number: version };
    const found = await unwrap(client.GET('/api/flows/{id}/versions/{number}', { params: { path } }));
    return readDocument(found.document);
  });
}

export async function writeNamedFlows(folder: string, flows: NamedDocuments): Promise<void> {
  if (flows.size === 0) return;
  await mkdir(join(folder, folderName), { recursive: true });
  for (const [name, { document }] of flows) {
    await writeFile(join(folder, folderName, `${name}.json`), formatFlow(document));
  }
}

/** Those of an exported folder that its flow names. Whatever is missing is left to the check of the flow that names it. */
export async function readNamedFlows(folder: string, document: FlowDocument): Promise<NamedDocuments> {
  const names = new Set(await readdir(join(folder, folderName)).catch(() => []));
  return followNames(document, async (reference) => {
    const name = `${formatFlowReference(reference)}.json`;
    return names.has(name) ? readDocument(await readFile(join(folder, folderName, name), 'utf8')) : null;
  });
}

async function followNames(
  document: FlowDocument,
  read: (reference: FlowReference) => Promise<FlowDocument | null>,
): Promise<NamedDocuments> {
  const found = new Map<string, { reference: FlowReference; document: FlowDocument }>();
  const follow = async (from: FlowDocument): Promise<void> => {
    for (const reference of listFlowReferences(from, descriptions)) {
      const name = formatFlowReference(reference);
      const named = found.has(name) ? null : await read(reference);
      if (named === null) continue;
      await follow(named);
      found.set(name, { reference, document: named });
    }
  };
  await follow(document);
  return found;
}

/**
 * Makes a flow of each version that is not here already, and gives the document back with the names that they have here.
 */
export async function importNamedFlows(
  { client }: Connection,
  flows: NamedDocuments,
  document: FlowDocument,
): Promise<FlowDocument> {
  const here = new Map<string, FlowReference>();
  for (const [name, { reference, document: named }] of flows) {
    const renamed = renameFlows(named, here);
    if (await isHere(client, reference, renamed)) continue;
    const { id, revision } = await unwrap(client.POST('/api/flows', { body: { document: renamed } }));
    const params = { path: { id } };
    const { number } = await unwrap(client.POST('/api/flows/{id}/versions', { params, body: { revision } }));
    here.set(name, { flow: id, version: number });
  }
  return renameFlows(document, here);
}

async function isHere(
  client: Connection['client'],
  { flow, version }: FlowReference,
  document: FlowDocument,
): Promise<boolean> {
  const path = { id: flow, number: version };
  const { data } = await client.GET('/api/flows/{id}/versions/{number}', { params: { path } });
  return data !== undefined && equalFlows(readDocument(data.document), document);
}

function renameFlows(document: FlowDocument, names: ReadonlyMap<string, FlowReference>): FlowDocument {
  if (names.size === 0) return document;
  const nodes = Object.entries(document.nodes).map(([id, node]) => {
    const description = descriptions.get(node.type);
    const rule = description?.portRules.find((candidate) => candidate.rule === 'named-flow');
    const use = description && readFlowUse(node, description);
    const name = use && names.get(formatFlowReference(use.reference));
    if (!rule || !name) return [id, node] as const;
    const settings = { ...node.settings, [rule.flow]: name.flow, [rule.version]: name.version };
    return [id, { ...node, settings }] as const;
  });
  return { ...document, nodes: Object.fromEntries(nodes) };
}

function readDocument(source: unknown): FlowDocument {
  const { document, problems } = parseFlow(source);
  if (document === null) throw new DocumentInvalidError(problems);
  return document;
}
