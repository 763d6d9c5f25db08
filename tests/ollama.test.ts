import { ensureModel, multilingualE5Small, qwen25Coder } from '@kumiki/models';
import { cacheFolder } from '@kumiki/testkit/cache-folder';
import { makeDataFolder } from '@kumiki/testkit/data-folder';
import { type KumikiProcess, startKumiki } from '@kumiki/testkit/kumiki-process';
import { type KumikiSession, unwrap } from '@kumiki/testkit/kumiki-session';
import { type ServerProcess, startOllama } from '@kumiki/testkit/model-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { walkMainPath } from './main-path.ts';

describe('with a real Ollama, found where its own variable says', () => {
  let ollama: ServerProcess;
  let kumiki: KumikiProcess;
  let session: KumikiSession;
  const cleanUp: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    const entries = [multilingualE5Small, qwen25Coder];
    const models = await Promise.all(
      entries.map(async (entry) => ({
        name: entry.name,
        sha256: entry.sha256,
        file: await ensureModel(entry, { folder: cacheFolder('models') }),
      })),
    );
    ollama = await startOllama({ models });
    cleanUp.unshift(() => ollama.stop());
    const { folder, remove } = await makeDataFolder();
    cleanUp.unshift(remove);
    kumiki = await startKumiki({ dataFolder: folder, environment: { OLLAMA_HOST: new URL(ollama.address).host } });
    cleanUp.unshift(() => kumiki.stop());
    session = await kumiki.signIn();
  });
  afterAll(async () => {
    for (const step of cleanUp) await step();
  });

  it('lists it and its models without having been told of it', async () => {
    const hosts = await unwrap(session.client.GET('/api/model-hosts'));
    expect(hosts.items).toContainEqual(expect.objectContaining({ id: 'ollama', kind: 'ollama', origin: 'found' }));
    const query = { host: 'ollama' };
    const { items, unreachable } = await unwrap(session.client.GET('/api/models', { params: { query } }));
    expect(unreachable).toEqual([]);
    expect(items.map(({ name, purposes }) => [name.split(':')[0], purposes])).toEqual(
      expect.arrayContaining([
        [multilingualE5Small.name, ['embedding']],
        [qwen25Coder.name, ['chat']],
      ]),
    );
  });

  it('uploads, builds, asks and publishes with its models', async () => {
    await walkMainPath(session, { host: 'ollama', embedding: multilingualE5Small.name, chat: qwen25Coder.name });
  });

  it('says that the host is down once it is', async () => {
    await ollama.stop();
    const answer = await session.request('/v1/endpoints/help', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inputs: { question: '電話は何時までですか？' } }),
    });
    expect(await answer.json()).toMatchObject({ status: 503, code: 'model-host-down' });
    expect(answer.headers.get('retry-after')).toBe('5');
  });
});
