import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openBlobStore } from './open-blob-store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kumiki-blobs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const { signal } = new AbortController();

async function* pieces(...contents: readonly Uint8Array[]) {
  yield* contents;
}

async function readAll(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  for await (const piece of content) read.push(piece);
  return Buffer.concat(read);
}

it('gives back what was put in, under its hash, once', async () => {
  const blobs = await openBlobStore(folder);
  const [first, second] = [randomBytes(200_000), randomBytes(100_000)];
  const whole = Buffer.concat([first, second]);
  const sha256 = createHash('sha256').update(whole).digest('hex');
  expect(await blobs.put(pieces(first, second), signal)).toEqual({ sha256, bytes: 300_000 });
  expect(await blobs.put(pieces(whole), signal)).toEqual({ sha256, bytes: 300_000 });
  expect((await readAll(blobs.read(sha256, signal))).equals(whole)).toBe(true);
  expect(await readdir(join(folder, sha256.slice(0, 2)))).toEqual([sha256]);
  await blobs.delete(sha256);
  expect(await blobs.has(sha256)).toBe(false);
  await expect(readAll(blobs.read(sha256, signal))).rejects.toMatchObject({ code: 'blob-missing' });
});

it('lists what is there, and takes what is put in again for new', async () => {
  const blobs = await openBlobStore(folder);
  const content = randomBytes(10);
  const { sha256 } = await blobs.put(pieces(content), signal);
  const path = join(folder, sha256.slice(0, 2), sha256);
  await utimes(path, new Date(0), new Date(0));
  const list = async () => {
    const listed = [];
    for await (const blob of blobs.list()) listed.push(blob);
    return listed;
  };
  expect(await list()).toEqual([{ sha256, bytes: 10, storedAt: new Date(0) }]);
  await blobs.put(pieces(content), signal);
  expect((await list())[0]?.storedAt.getTime()).toBeGreaterThan(0);
});

it('leaves nothing of what was not put in to its end', async () => {
  const blobs = await openBlobStore(folder);
  const controller = new AbortController();
  async function* broken() {
    yield randomBytes(10);
    controller.abort(new Error('enough'));
    yield randomBytes(10);
  }
  await expect(blobs.put(broken(), controller.signal)).rejects.toThrow('enough');
  expect(await readdir(folder)).toEqual(['drafts']);
  expect(await readdir(join(folder, 'drafts'))).toEqual([]);
  await writeFile(join(folder, 'drafts', 'of-a-dead-process'), 'x');
  await openBlobStore(folder);
  expect(await readdir(join(folder, 'drafts'))).toEqual([]);
});

it('notices a content that changed on the disk', async () => {
  const blobs = await openBlobStore(folder);
  const { sha256 } = await blobs.put(pieces(Buffer.from('true')), signal);
  await writeFile(join(folder, sha256.slice(0, 2), sha256), 'false');
  await expect(readAll(blobs.read(sha256, signal))).rejects.toMatchObject({ code: 'blob-damaged' });
});

it('takes nothing but hashes for names', async () => {
  const blobs = await openBlobStore(folder);
  expect(() => blobs.read('../secret.key', signal)).toThrow(expect.objectContaining({ code: 'blob-missing' }));
});
