import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { KumikiError } from '@kumiki/node-sdk';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { FakeAnswer } from '../testing/fake-http-server.ts';
import { startFakeHttpServer } from '../testing/fake-http-server.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { smolLm2 } from './catalogue.ts';
import { ensureModel } from './ensure-model.ts';
import type { ModelProgress } from './model-progress.ts';

const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 31) % 251));
const entry: CatalogueEntry = {
  ...smolLm2,
  name: 'tiny',
  bytes: content.length,
  sha256: createHash('sha256').update(content).digest('hex'),
  sources: [{ kind: 'hub', repository: 'someone/tiny', revision: 'f00', file: 'tiny.gguf' }],
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kumiki-models-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});

/** A hub that serves the file, in part where it is asked for a part. */
const serveFile: FakeAnswer = ({ headers }, response) => {
  const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
  response.writeHead(start > 0 ? 206 : 200, { 'content-length': content.length - start });
  response.end(content.subarray(start));
};

const part = () => path.join(folder, 'tiny.gguf.hub.part');

describe('ensureModel', () => {
  it('downloads a file of the hub at its revision, checks it and reports its bytes', async () => {
    const hub = await startFakeHttpServer(serveFile);
    const progress: ModelProgress[] = [];
    const file = await ensureModel(entry, { folder, hub: hub.address, onProgress: (step) => progress.push(step) });
    expect(await readFile(file)).toEqual(content);
    expect(hub.requests.map(({ path: asked }) => asked)).toEqual(['/someone/tiny/resolve/f00/tiny.gguf']);
    const downloads = progress.filter(({ step }) => step === 'downloading');
    expect(downloads.at(0)).toMatchObject({ done: 0, total: content.length, from: new URL(hub.address).host });
    expect(downloads.at(-1)?.done).toBe(content.length);
    expect((await readdir(folder)).sort()).toEqual(['tiny.gguf']);
  });

  it('asks nobody where the file is there already, and notices when it was changed', async () => {
    const hub = await startFakeHttpServer(serveFile);
    await writeFile(path.join(folder, 'tiny.gguf'), content);
    await ensureModel(entry, { folder, hub: hub.address });
    await ensureModel(entry, { folder, hub: hub.address });
    expect(hub.requests).toHaveLength(0);
    await writeFile(path.join(folder, 'tiny.gguf'), content.subarray(1));
    await ensureModel(entry, { folder, hub: hub.address });
    expect(await readFile(path.join(folder, 'tiny.gguf'))).toEqual(content);
    expect(hub.requests).toHaveLength(1);
  });

  it('goes on where a broken download stopped', async () => {
    let breakOff = (): unknown => undefined;
    const hub = await startFakeHttpServer((request, response) => {
      if (request.headers.range !== undefined) serveFile(request, response);
      else {
        breakOff = () => response.destroy();
        response.writeHead(200, { 'content-length': content.length });
        response.write(content.subarray(0, 100_000));
      }
    });
    const onProgress = ({ done }: ModelProgress) => done > 0 && breakOff();
    await expectUnavailable(ensureModel(entry, { folder, hub: hub.address, onProgress }));
    const kept = (await readFile(part())).length;
    expect(kept).toBeGreaterThan(0);
    const file = await ensureModel(entry, { folder, hub: hub.address });
    expect(await readFile(file)).toEqual(content);
    expect(hub.requests.at(-1)?.headers.range).toBe(`bytes=${kept}-`);
  });

  it('begins anew where the hub does not go on', async () => {
    await writeFile(part(), content.subarray(0, 1000));
    const hub = await startFakeHttpServer((_, response) => response.end(content));
    expect(await readFile(await ensureModel(entry, { folder, hub: hub.address }))).toEqual(content);
  });

  it('never uses a file with another content, and does not go on from it', async () => {
    const broken = Buffer.from(content).fill(0, 5000, 5010);
    const hub = await startFakeHttpServer((_, response) => response.end(broken));
    const error = await expectUnavailable(ensureModel(entry, { folder, hub: hub.address }));
    expect(String(error.cause)).toContain('SHA-256');
    expect(await readdir(folder)).toEqual([]);
  });

  it('does not keep what is larger than it may be', async () => {
    const hub = await startFakeHttpServer((_, response) => response.end(Buffer.concat([content, content])));
    await expectUnavailable(ensureModel(entry, { folder, hub: hub.address }));
    const file = await ensureModel(entry, { folder, hub: (await startFakeHttpServer(serveFile)).address });
    expect(await readFile(file)).toEqual(content);
  });

  it('says which file to put where when no source can be reached', async () => {
    const { address } = await startFakeHttpServer((_, response) => response.writeHead(404).end());
    const error = await expectUnavailable(ensureModel(entry, { folder, hub: address }));
    for (const text of [error.text.en, error.text.ja]) {
      expect(text).toContain('tiny.gguf');
      expect(text).toContain(entry.sha256);
      expect(text).toContain('https://huggingface.co/someone/tiny/resolve/f00/tiny.gguf');
      expect(text).not.toContain(folder);
    }
  });

  it('stops when it is told to, and leaves what it has for later', async () => {
    const controller = new AbortController();
    const hub = await startFakeHttpServer((_, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 100_000));
    });
    const fetching = ensureModel(entry, {
      folder,
      hub: hub.address,
      signal: controller.signal,
      onProgress: ({ done }) => done > 0 && controller.abort(new Error('not now')),
    });
    await expect(fetching).rejects.toThrow('not now');
    expect((await readFile(part())).length).toBeGreaterThan(0);
  });

  it('fetches once for two who ask at the same time', async () => {
    const hub = await startFakeHttpServer(serveFile);
    const ask = () => ensureModel(entry, { folder, hub: hub.address });
    await Promise.all([ask(), ask(), ask()]);
    expect(hub.requests).toHaveLength(1);
  });

  it('takes over from a process that died while it fetched', async () => {
    const hub = await startFakeHttpServer(serveFile);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'tiny.gguf.lock'), `${2 ** 22 + 1}`);
    await ensureModel(entry, { folder, hub: hub.address });
    expect(await readdir(folder)).not.toContain('tiny.gguf.lock');
  });
});

async function expectUnavailable(fetching: Promise<string>): Promise<KumikiError> {
  const error = await fetching.catch((reason: unknown) => reason);
  if (!(error instanceof KumikiError)) throw new Error('It should have been unavailable.');
  expect(error).toMatchObject({ code: 'model-unavailable', retryable: true });
  return error;
}
