import { createHash } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type FlowDocument, formatFlow, parseFlow } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';
import { z } from 'zod';
import type { CommandContext } from '../command-line.ts';
import { DocumentInvalidError, notFound } from '../http/problem.ts';
import { type Connection, connect, unwrap } from './connection.ts';
import { readFlowFile } from './flow-file.ts';
import { fetchNamedFlows, importNamedFlows, readNamedFlows, writeNamedFlows } from './named-flows.ts';

/**
 * An exported folder: `flow.json`, versions of other flows that it names under `flows/<id>@<number>.json`,
 * `collections.json` with the members of every collection that they name, and their contents under `files/<sha256>`, each
 * once.
 */
const manifestSchema = z.record(
  z.string(),
  z.array(z.object({ name: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/), mediaType: z.string().nullable() })),
);
type Manifest = z.infer<typeof manifestSchema>;

/**
 * Makes a new flow. Collections that are missing are made; in those that exist, members of the same name are replaced.
 * Throws `file-missing`, `export-damaged`, and what is wrong with the document.
 */
export async function importFlow({ configuration, places, json }: CommandContext, path: string): Promise<void> {
  const place = resolve(places.currentFolder, path);
  const isFolder = (await stat(place).catch(() => null))?.isDirectory() ?? false;
  const { document } = await readFlowFile(isFolder ? join(place, 'flow.json') : place, places.currentFolder);
  const manifest = isFolder ? await readManifest(place) : {};
  const named = await readNamedFlows(isFolder ? place : dirname(place), document);
  // Before anything is written: half an import would be worse than none.
  for (const member of Object.values(manifest).flat()) await readMember(place, member);
  const connection = await connect(configuration);
  try {
    for (const [name, members] of Object.entries(manifest)) await importCollection(connection, place, name, members);
    const body = { document: await importNamedFlows(connection, named, document) };
    const flow = await unwrap(connection.client.POST('/api/flows', { body }));
    process.stdout.write(json ? `${JSON.stringify(flow)}\n` : `${document.name}: ${flow.id}\n`);
  } finally {
    await connection.close();
  }
}

/** Writes a flow, by id or name, and the collections and flow versions that it names. Throws `flow-unknown`. */
export async function exportFlow(
  { configuration, places, json }: CommandContext,
  flow: string,
  to: string | undefined,
): Promise<void> {
  const connection = await connect(configuration);
  try {
    const { id, document } = await findFlow(connection, flow);
    if (to === undefined) {
      process.stdout.write(json ? `${JSON.stringify({ id, document })}\n` : formatFlow(document));
      return;
    }
    const folder = resolve(places.currentFolder, to);
    await mkdir(join(folder, 'files'), { recursive: true });
    const named = await fetchNamedFlows(connection, document);
    await writeNamedFlows(folder, named);
    const documents = [document, ...[...named.values()].map((one) => one.document)];
    const manifest: Manifest = {};
    for (const name of findCollectionNames(documents))
      manifest[name] = await exportCollection(connection, folder, name);
    await writeFile(join(folder, 'collections.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    await writeFile(join(folder, 'flow.json'), formatFlow(document));
    const files = Object.values(manifest).flat().length;
    process.stdout.write(json ? `${JSON.stringify({ id, folder, files })}\n` : `${folder} (${files})\n`);
  } finally {
    await connection.close();
  }
}

async function importCollection(
  { client, request }: Connection,
  folder: string,
  name: string,
  members: Manifest[string],
): Promise<void> {
  const known = await findCollection(client, name);
  const { id } = known ?? (await unwrap(client.POST('/api/collections', { body: { name } })));
  for (const member of members) {
    await request(`/api/collections/${id}/files/${encodeURIComponent(member.name)}`, {
      method: 'PUT',
      headers: { 'content-type': member.mediaType ?? 'application/octet-stream' },
      body: await readMember(folder, member),
    });
  }
}

async function exportCollection({ client, request }: Connection, folder: string, name: string) {
  const collection = await findCollection(client, name);
  if (collection === null) return [];
  const members: Manifest[string] = [];
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } = { limit: 200, ...(cursor === null ? {} : { cursor }) };
    const path = { id: collection.id };
    const page = await unwrap(client.GET('/api/collections/{id}/files', { params: { path, query } }));
    for (const { name: member, sha256, mediaType } of page.items) {
      const answer = await request(`/api/collections/${collection.id}/files/${encodeURIComponent(member)}`);
      await writeFile(join(folder, 'files', basename(sha256)), Buffer.from(await answer.arrayBuffer()));
      members.push({ name: member, sha256, mediaType });
    }
    cursor = page.next;
  } while (cursor !== null);
  return members;
}

async function findCollection(client: Connection['client'], name: string) {
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } = { limit: 200, ...(cursor === null ? {} : { cursor }) };
    const page = await unwrap(client.GET('/api/collections', { params: { query } }));
    const found = page.items.find((collection) => collection.name === name);
    if (found !== undefined) return found;
    cursor = page.next;
  } while (cursor !== null);
  return null;
}

async function findFlow({ client }: Connection, wanted: string) {
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } = { limit: 200, ...(cursor === null ? {} : { cursor }) };
    const page = await unwrap(client.GET('/api/flows', { params: { query } }));
    const found = page.items.find(({ id, name }) => id === wanted || name === wanted);
    if (found !== undefined) {
      const flow = await unwrap(client.GET('/api/flows/{id}', { params: { path: { id: found.id } } }));
      const parsed = parseFlow(flow.document);
      if (parsed.document === null) throw new DocumentInvalidError(parsed.problems);
      return { id: found.id, document: parsed.document };
    }
    cursor = page.next;
  } while (cursor !== null);
  throw notFound({ en: 'flow', ja: 'フロー' }, 'flow-unknown');
}

/** Collections are named by the setting `collection` of whatever node loads them. */
function findCollectionNames(documents: readonly FlowDocument[]): readonly string[] {
  const nodes = documents.flatMap((document) => Object.values(document.nodes));
  const names = nodes.map(({ settings }) => settings.collection);
  return [...new Set(names.filter((name): name is string => typeof name === 'string' && name !== ''))].sort();
}

/** A flow without collections may come without `collections.json`. */
async function readManifest(folder: string): Promise<Manifest> {
  const name = 'collections.json';
  const text = await readFile(join(folder, name), 'utf8').catch(() => '{}');
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw refuseDamaged(name, cause);
  }
}

/** The content of a member, which has to be what its SHA-256 says. */
async function readMember(folder: string, { name, sha256 }: Manifest[string][number]) {
  const content = await readFile(join(folder, 'files', sha256)).catch((cause: unknown) => {
    throw refuseDamaged(name, cause);
  });
  if (createHash('sha256').update(content).digest('hex') !== sha256) throw refuseDamaged(name);
  return content;
}

function refuseDamaged(name: string, cause?: unknown): KumikiError {
  return new KumikiError({
    code: 'export-damaged',
    status: 422,
    message: {
      en: `“${name}” of the export is missing, was changed, or is damaged, so nothing was imported. Export again.`,
      ja: `書き出した「${name}」が見つからないか、変更または破損しているため、何も取り込みませんでした。もう一度書き出してください。`,
    },
    ...(cause === undefined ? {} : { cause }),
  });
}
