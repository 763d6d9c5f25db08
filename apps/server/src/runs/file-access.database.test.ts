import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { BlobStore } from '@kumiki/node-sdk';
import { insertFile, openBlobStore, type Store } from '@kumiki/store';
import { openTestDatabase } from '@kumiki/store/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { defaultWorkspace } from '../workbench.ts';
import { createFileAccess } from './file-access.ts';

let store: Store;
let folder: string;
let blobs: BlobStore;
beforeEach(async () => {
  store = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'kumiki-files-'));
  blobs = await openBlobStore(folder);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

function openAccess(workspace: string) {
  const { signal } = new AbortController();
  return createFileAccess({ workspace, database: store.database, blobs, folders: [], origin: null, signal });
}

it('gives a file to the workspace that has it, and to no other that knows its hash', async () => {
  const { signal } = new AbortController();
  const { sha256, bytes } = await blobs.put(Readable.from([new TextEncoder().encode('社外秘')]), signal);
  const file = { name: 'plan.txt', sha256, bytes, mediaType: 'text/plain' };
  await insertFile(store.database, { workspace: defaultWorkspace, ...file });
  const content = await openAccess(defaultWorkspace).readFile(file);
  expect(new TextDecoder().decode(content)).toBe('社外秘');
  await expect(openAccess('other').readFile(file)).rejects.toMatchObject({ code: 'file-unknown' });
});

it('names a database that is away, so that a build is tried again', async () => {
  vi.spyOn(store.database, 'select').mockImplementation(() => {
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  });
  await expect(openAccess(defaultWorkspace).listCollection('faq')).rejects.toMatchObject({
    code: 'database-down',
    retryable: true,
  });
});
