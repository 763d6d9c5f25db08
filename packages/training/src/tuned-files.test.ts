import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { AdapterValue } from '@kumiki/node-sdk';
import { expect, it } from 'vitest';
import { digestAdapter } from './adapter-files.ts';
import { type FakeBehaviour, fakeTrainer } from './testing/index.ts';
import { MemoryBlobs, makeTrainingFolder } from './testing/training-folder.ts';
import { TunedFiles } from './tuned-files.ts';

const base = { file: '/models/base.gguf', sha256: 'b'.repeat(64) };
const never = new AbortController().signal;

async function makeAdapter(blobs: MemoryBlobs): Promise<AdapterValue> {
  const put = async (name: string, text: string) => {
    async function* content() {
      yield Buffer.from(text);
    }
    return { name, ...(await blobs.put(content())) };
  };
  const files = [await put('adapter_config.json', '{}'), await put('adapter_model.safetensors', 'weights')];
  return { digest: digestAdapter(files), files, base: `sha256:${base.sha256}`, prompt: null };
}

async function openFiles(folder: string, behaviour: FakeBehaviour = {}) {
  const blobs = new MemoryBlobs();
  const log = path.join(folder, 'log');
  const files = new TunedFiles({
    cacheFolder: folder,
    blobs,
    openTrainer: async () => fakeTrainer({ log, ...behaviour }),
  });
  const starts = async () => (await readFile(log, 'utf8')).split('\n').filter((line) => !/^end|^$/.test(line));
  return { files, adapter: await makeAdapter(blobs), starts };
}

it('writes the PEFT folder out of the blob store', async () => {
  await using place = await makeTrainingFolder();
  const { files, adapter } = await openFiles(place.folder);
  const folder = await files.folder(adapter, never);
  expect(await readFile(path.join(folder, 'adapter_model.safetensors'), 'utf8')).toBe('weights');
  expect(await files.folder(adapter, never)).toBe(folder);
});

it('converts once, however many ask at the same time, and again never', async () => {
  await using place = await makeTrainingFolder();
  const { files, adapter, starts } = await openFiles(place.folder);
  const asked = await Promise.all([1, 2, 3].map(() => files.gguf(adapter, base, never)));
  expect(new Set(asked).size).toBe(1);
  expect(await readFile(asked[0] ?? '', 'utf8')).toBe('GGUF to-gguf of weights over /models/base.gguf');
  await files.gguf(adapter, base, never);
  expect(await starts()).toEqual(['to-gguf']);
});

it('tells merged files of different types and bases apart', async () => {
  await using place = await makeTrainingFolder();
  const { files, adapter, starts } = await openFiles(place.folder);
  const made = [
    await files.merged(adapter, base, 'F16', never),
    await files.merged(adapter, base, 'Q8_0', never),
    await files.merged(adapter, { ...base, sha256: 'c'.repeat(64) }, 'F16', never),
  ];
  expect(new Set(made).size).toBe(3);
  expect(await starts()).toEqual(['merge', 'merge', 'merge']);
});

it('leaves nothing half done behind where a conversion fails, and lets the next one try', async () => {
  await using place = await makeTrainingFolder();
  const { files, adapter } = await openFiles(place.folder, { fail: { code: 7, error: 'no space' } });
  await expect(files.gguf(adapter, base, never)).rejects.toMatchObject({ code: 'disk-full' });
  expect(await readdir(path.join(place.folder, 'tuned'))).toEqual([]);
});

it('takes away all that was made of one adapter, and nothing of another', async () => {
  await using place = await makeTrainingFolder();
  const { files, adapter, starts } = await openFiles(place.folder);
  const other = { ...adapter, digest: `sha256:${'0'.repeat(64)}` };
  await files.folder(adapter, never);
  await files.merged(adapter, base, 'F16', never);
  const kept = await files.gguf(other, base, never);
  await files.drop(adapter);
  expect(await readdir(path.join(place.folder, 'tuned'))).toEqual([path.basename(kept)]);
  await files.merged(adapter, base, 'F16', never);
  expect(await starts()).toEqual(['merge', 'to-gguf', 'merge']);
});

it('goes on for those who wait when the one who asked first leaves', async () => {
  await using place = await makeTrainingFolder();
  const { files, adapter } = await openFiles(place.folder);
  const leaving = new AbortController();
  const first = files.gguf(adapter, base, leaving.signal).catch(() => 'left');
  const second = files.gguf(adapter, base, never);
  leaving.abort(new Error('gone'));
  expect(await first).toBe('left');
  expect(await readFile(await second, 'utf8')).toContain('weights');
});
