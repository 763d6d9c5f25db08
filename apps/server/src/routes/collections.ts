import { KumikiError } from '@kumiki/node-sdk';
import { readTranscript } from '@kumiki/nodes';
import {
  deleteCollection,
  deleteCollectionFile,
  insertCollection,
  listCollectionFiles,
  listCollections,
  putCollectionFile,
  readCollection,
  readCollectionFile,
} from '@kumiki/store';
import * as contract from '../contract/files.ts';
import type { App } from '../http/environment.ts';
import { answerBlob, checkAnnouncedLength, checkFileName, readMediaType, receiveBody } from '../http/file-body.ts';
import { readWhole } from '../read-whole.ts';
import type { Workbench } from '../workbench.ts';

export function addCollectionRoutes(app: App, workbench: Workbench): void {
  const { blobs, contents, documents } = workbench;
  const { database } = workbench.store;

  app.openapi(contract.listCollections, async (context) => {
    const { workspace } = context.get('caller');
    const page = await listCollections(database, { workspace, ...context.req.valid('query') });
    const items = page.items.map(({ id, name, files, bytes, createdAt, updatedAt }) => ({
      id,
      name,
      files,
      bytes,
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
    }));
    return context.json({ items, next: page.next }, 200);
  });

  app.openapi(contract.createCollection, async (context) => {
    const { workspace } = context.get('caller');
    const row = await insertCollection(database, { workspace, name: context.req.valid('json').name });
    return context.json(
      {
        id: row.id,
        name: row.name,
        files: 0,
        bytes: 0,
        createdAt: row.createdAt.toISOString(),
        updatedAt: row.updatedAt.toISOString(),
      },
      201,
    );
  });

  app.openapi(contract.deleteCollection, async (context) => {
    const { workspace } = context.get('caller');
    const at = { workspace, collection: context.req.valid('param').id };
    const files = await listCollectionFiles(database, at);
    await deleteCollection(database, at);
    for (const { sha256 } of files) await contents.release(sha256);
    return context.body(null, 204);
  });

  app.openapi(contract.listCollectionFiles, async (context) => {
    const { workspace } = context.get('caller');
    const at = { workspace, collection: context.req.valid('param').id };
    const { cursor, limit } = context.req.valid('query');
    await readCollection(database, at);
    const files = await listCollectionFiles(database, at);
    const start = cursor === undefined ? 0 : files.findIndex(({ name }) => compareBytes(name, cursor) > 0);
    const page = start === -1 ? [] : files.slice(start, start + limit);
    const next = start !== -1 && start + limit < files.length ? (page.at(-1)?.name ?? null) : null;
    return context.json({ items: page.map(describeFile), next }, 200);
  });

  app.openapi(contract.putCollectionFile, async (context) => {
    const { workspace } = context.get('caller');
    const { id, name } = context.req.valid('param');
    const at = { workspace, collection: id };
    const fileName = checkFileName(name);
    checkAnnouncedLength(context.req.header('content-length'));
    await readCollection(database, at);
    const before = await findFile({ ...at, name: fileName });
    const row = await contents.keep(async () => {
      const stored = await receiveBody(blobs, context.req.raw.body, context.req.raw.signal);
      const mediaType = readMediaType(context.req.header('content-type'));
      return putCollectionFile(database, { ...at, name: fileName, mediaType, ...stored });
    });
    if (before !== null && before.sha256 !== row.sha256) await contents.release(before.sha256);
    return context.json(describeFile(row), 200);
  });

  app.openapi(contract.getCollectionFile, async (context) => {
    const { workspace } = context.get('caller');
    const { id, name } = context.req.valid('param');
    const row = await readCollectionFile(database, { workspace, collection: id, name: name.normalize('NFC') });
    return answerBlob(blobs, row, context.req.raw.signal);
  });

  app.openapi(contract.getCollectionFileText, async (context) => {
    const { workspace } = context.get('caller');
    const { id, name } = context.req.valid('param');
    const { signal } = context.req.raw;
    const row = await readCollectionFile(database, { workspace, collection: id, name: name.normalize('NFC') });
    const content = await readWhole(blobs.read(row.sha256, signal));
    const file = { name: row.name, mediaType: row.mediaType, content };
    const { text, headings, pages } =
      context.req.valid('query').as === 'document'
        ? await documents.parse(file, signal)
        : (readTranscript(await documents.readData(file, signal), row.name) ?? refuseTranscript(row.name));
    return context.json({ text, headings: [...headings], pages: [...pages] }, 200);
  });

  app.openapi(contract.deleteCollectionFile, async (context) => {
    const { workspace } = context.get('caller');
    const { id, name } = context.req.valid('param');
    const row = await deleteCollectionFile(database, { workspace, collection: id, name: name.normalize('NFC') });
    await contents.release(row.sha256);
    return context.body(null, 204);
  });

  async function findFile(at: { workspace: string; collection: string; name: string }) {
    try {
      return await readCollectionFile(database, at);
    } catch (error) {
      if (error instanceof KumikiError && error.code === 'collection-file-unknown') return null;
      throw error;
    }
  }
}

function describeFile(file: {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly mediaType: string | null;
  readonly updatedAt: Date;
}) {
  const { name, bytes, sha256, mediaType, updatedAt } = file;
  return { name, bytes, sha256, mediaType, updatedAt: updatedAt.toISOString() };
}

/** The order in which the database lists them. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function refuseTranscript(name: string): never {
  throw new KumikiError({
    code: 'conversation-format-unknown',
    status: 422,
    message: {
      en: `“${name}” has none of the known layouts of conversations.`,
      ja: `「${name}」は、対応している会話の形式のどれにも当てはまりません。`,
    },
  });
}
