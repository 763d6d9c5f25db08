import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../database/open-store.ts';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { workspace } from '../testing/samples.ts';
import {
  deleteCollection,
  deleteCollectionFile,
  insertCollection,
  listCollectionFiles,
  listCollections,
  putCollectionFile,
  readCollection,
  readCollectionFile,
} from './collections.ts';
import { findEmbeddings, keepEmbeddings } from './embedding-cache.ts';
import { deleteFile, insertFile, isContentNamed, listFiles, readFile } from './files.ts';

let store: Store;
beforeAll(async () => {
  store = await openTestDatabase();
});
afterAll(() => store.close());

const content = (sha256: string) => ({ sha256, bytes: 3_000_000_000, mediaType: 'text/plain' });

describe('files', () => {
  it('name contents, until nobody does any more', async () => {
    const { database } = store;
    const { id: file } = await insertFile(database, { workspace, name: '規約.pdf', ...content('f1') });
    expect(await readFile(database, { workspace, file })).toMatchObject({ name: '規約.pdf', ...content('f1') });
    expect((await listFiles(database, { workspace })).items).toHaveLength(1);
    const { id: collection } = await insertCollection(database, { workspace, name: 'names f1' });
    await putCollectionFile(database, { workspace, collection, name: 'a', ...content('f1') });
    await deleteFile(database, { workspace, file });
    expect(await isContentNamed(database, 'f1')).toBe(true);
    await deleteCollection(database, { workspace, collection });
    expect(await isContentNamed(database, 'f1')).toBe(false);
    await expect(readFile(database, { workspace, file })).rejects.toMatchObject({ code: 'file-unknown' });
  });
});

describe('collections', () => {
  it('keep one file under each name', async () => {
    const { database } = store;
    const { id: collection } = await insertCollection(database, { workspace, name: 'サポート' });
    await putCollectionFile(database, { workspace, collection, name: 'b.md', ...content('b1') });
    await putCollectionFile(database, { workspace, collection, name: 'a.md', ...content('a1') });
    await putCollectionFile(database, { workspace, collection, name: 'b.md', ...content('b2') });
    const files = await listCollectionFiles(database, { workspace, collection });
    expect(files.map(({ name, sha256 }) => [name, sha256])).toEqual([
      ['a.md', 'a1'],
      ['b.md', 'b2'],
    ]);
    expect((await listCollections(database, { workspace })).items).toMatchObject([
      { name: 'サポート', files: 2, bytes: 6_000_000_000 },
    ]);
    expect(await readCollection(database, { workspace, name: 'サポート' })).toMatchObject({ id: collection });
    await deleteCollectionFile(database, { workspace, collection, name: 'a.md' });
    await expect(readCollectionFile(database, { workspace, collection, name: 'a.md' })).rejects.toMatchObject({
      code: 'collection-file-unknown',
    });
  });

  it('have names of their own', async () => {
    const { database } = store;
    await insertCollection(database, { workspace, name: 'twice' });
    await expect(insertCollection(database, { workspace, name: 'twice' })).rejects.toMatchObject({
      code: 'collection-exists',
      status: 409,
    });
    await expect(readCollection(database, { workspace, name: 'never' })).rejects.toMatchObject({
      code: 'collection-unknown',
      message: expect.stringContaining('never'),
    });
    await expect(
      putCollectionFile(database, { workspace, collection: 'x', name: 'a', ...content('a') }),
    ).rejects.toMatchObject({ code: 'collection-unknown' });
  });

  it('are listed by name, page by page', async () => {
    const { database } = store;
    for (const name of ['z3', 'z1', 'z2']) await insertCollection(database, { workspace, name });
    const first = await listCollections(database, { workspace, cursor: 'z', limit: 2 });
    expect(first.items.map((collection) => collection.name)).toEqual(['z1', 'z2']);
    const second = await listCollections(database, { workspace, cursor: first.next ?? '', limit: 1 });
    expect(second.items.map((collection) => collection.name)).toEqual(['z3']);
  });
});

describe('the embedding cache', () => {
  it('knows a text under the model and the prefix that it was embedded with', async () => {
    const { database } = store;
    const source = { workspace, model: 'sha256:1', prefix: 'passage: ' };
    const entries = Array.from({ length: 1_200 }, (_, place) => ({
      text: `本文 ${place}`,
      vector: Float32Array.of(place, Math.fround(0.1), -1e-7),
    }));
    await keepEmbeddings(database, source, entries);
    await keepEmbeddings(database, source, entries.slice(0, 2));
    const found = await findEmbeddings(database, source, [...entries.map((entry) => entry.text), '知らない']);
    expect(found.size).toBe(1_200);
    expect(found.get('本文 777')).toEqual(Float32Array.of(777, Math.fround(0.1), -1e-7));
    expect((await findEmbeddings(database, { ...source, prefix: 'query: ' }, ['本文 1'])).size).toBe(0);
    expect((await findEmbeddings(database, { ...source, model: 'sha256:2' }, ['本文 1'])).size).toBe(0);
    expect((await findEmbeddings(database, { ...source, workspace: 'other' }, ['本文 1'])).size).toBe(0);
  });
});
