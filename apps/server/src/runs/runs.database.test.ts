import type { ChatEvent } from '@kumiki/node-sdk';
import { claimRun, readRun } from '@kumiki/store';
import { findEndState } from '@kumiki/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openTestWorkbench, type TestWorkbench } from '../testing/open-test-workbench.ts';
import { drawPassThrough, drawRag } from '../testing/sample-flows.ts';
import { stopping } from './runner.ts';

let test: TestWorkbench;
beforeEach(async () => {
  test = await openTestWorkbench();
});
afterEach(() => test.close());

/** Holds every embedding back until it is let go. */
function holdEmbeddings(): { readonly begun: Promise<void>; letGo(): void } {
  const begun = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const embed = test.host.embed.bind(test.host);
  vi.spyOn(test.host, 'embed').mockImplementation(async (request, signal) => {
    begun.resolve();
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    await Promise.race([held.promise, aborted]);
    return embed(request, signal);
  });
  return { begun: begun.promise, letGo: () => held.resolve() };
}

async function startRagBuild() {
  const collection = (await test.call('POST', '/api/collections', { name: 'docs' })).body.id;
  const path = `/api/collections/${collection}/files/a.txt`;
  await test.fetch(path, { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: '猫は夜に鳴きます。' });
  const flow = (await test.call('POST', '/api/flows', { document: drawRag('docs') })).body.id;
  const run = (await test.call('POST', `/api/flows/${flow}/builds`, {})).body.run;
  return { flow, run };
}

describe('a run', () => {
  it('is cancelled while it works, and ends in exactly that state', async () => {
    const { begun } = holdEmbeddings();
    const { run } = await startRagBuild();
    await begun;
    expect((await test.call('POST', `/api/runs/${run}/cancel`)).status).toBe(202);
    const events = await test.followRun(run);
    expect(events.at(-1)?.event).toMatchObject({ type: 'run-end', state: 'cancelled', error: null, build: null });
    expect((await test.call('GET', `/api/runs/${run}`)).body.state).toBe('cancelled');
    expect((await test.call('POST', `/api/runs/${run}/cancel`)).body.state).toBe('cancelled');
  });

  it('that was interrupted is done again, with events that go on growing', async () => {
    const held = holdEmbeddings();
    const { run } = await startRagBuild();
    await held.begun;
    await vi.waitFor(async () => expect((await test.call('GET', `/api/runs/${run}`)).body.state).toBe('running'));
    test.workbench.running.live.abort(run, stopping);
    held.letGo();
    const events = await test.followRun(run);
    expect(events.at(-1)?.event).toMatchObject({ type: 'run-end', state: 'succeeded', build: 1 });
    const ids = events.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    expect(events.filter(({ event }) => event.type === 'run-start')).toHaveLength(2);
    expect(
      findEndState(
        events.map(({ event }) => event as never),
        'index',
      ),
    ).toBe('succeeded');
  });

  it('is followed from the middle while it works, without a gap or a duplicate', async () => {
    const held = holdEmbeddings();
    const { run } = await startRagBuild();
    await held.begun;
    const following = [test.followRun(run), test.followRun(run, 2)];
    held.letGo();
    const [all, rest] = await Promise.all(following);
    expect(all?.map(({ id }) => id)).toEqual(all?.map((_, place) => place + 1));
    expect(rest).toEqual(all?.slice(2));
    expect(await test.followRun(run)).toEqual(all);
  });

  it('fails with the node and the reason, and keeps what was there', async () => {
    for (let attempt = 0; attempt < 20; attempt += 1) test.host.failNext('inspect');
    const { run } = await startRagBuild();
    const events = await test.followRun(run);
    expect(events.at(-1)?.event).toMatchObject({ state: 'failed', error: { code: 'model-host-down' } });
    expect(JSON.stringify(events)).not.toContain('.ts:');
  });

  it('with only some nodes makes what they need, and no numbered build', async () => {
    const { flow, run } = await startRagBuild();
    await test.followRun(run);
    const only = await test.call('POST', `/api/flows/${flow}/runs`, { inputs: { question: '猫' }, only: ['search'] });
    const events = await test.followRun(only.body.id);
    expect(events.at(-1)?.event).toMatchObject({ state: 'succeeded', build: null });
    expect(
      findEndState(
        events.map(({ event }) => event as never),
        'search',
      ),
    ).toBe('succeeded');
    expect(events.some(({ event }) => event.type === 'node-end' && event.node === 'answer')).toBe(false);
    expect(events.filter(({ event }) => event.type === 'run-start')).toHaveLength(1);
    expect((await test.call('GET', `/api/flows/${flow}/builds`)).body.items).toHaveLength(1);
  });

  it('of an attempt that was taken over writes nothing any more', async () => {
    const { id } = (await test.call('POST', '/api/flows', { document: drawPassThrough() })).body;
    const { body } = await test.call('POST', `/api/flows/${id}/builds`, {});
    await test.followRun(body.run);
    expect(await claimRun(test.workbench.store.database, body.run)).toBeNull();
    const row = await readRun(test.workbench.store.database, { workspace: 'default', run: body.run });
    expect([row.state, row.attempt]).toEqual(['succeeded', 1]);
  });

  it('is refused where it shall make again what is not held, before anything is begun', async () => {
    const { flow, run } = await startRagBuild();
    await test.followRun(run);
    const path = `/api/flows/${flow}/builds`;
    const refused = await test.call('POST', path, { retrain: ['index'] });
    expect(refused).toMatchObject({ status: 422, body: { code: 'not-held', node: 'index', path: '/retrain' } });
    expect((await test.call('POST', path, { retrain: ['gone'] })).body.code).toBe('node-unknown');
    expect((await test.call('GET', '/api/runs')).body.items).toHaveLength(1);
  });

  it('of a collection without files, or that does not exist, says what to do', async () => {
    await test.call('POST', '/api/collections', { name: 'empty' });
    for (const [collection, code] of [
      ['empty', 'no-documents'],
      ['absent', 'collection-unknown'],
    ] as const) {
      const flow = (await test.call('POST', '/api/flows', { document: drawRag(collection) })).body.id;
      const { run } = (await test.call('POST', `/api/flows/${flow}/builds`, {})).body;
      const events = await test.followRun(run);
      expect(events.at(-1)?.event).toMatchObject({ state: 'failed', error: { code, node: 'load' } });
    }
  });
});

describe('a caller who leaves', () => {
  it('cancels the generation that nobody waits for', async () => {
    const { flow, run } = await startRagBuild();
    await test.followRun(run);
    const routes = [{ flow, version: 1, build: 1, output: 'answer' }];
    await test.call('POST', '/api/endpoints', { slug: 'talk', routes });
    const aborted = Promise.withResolvers<void>();
    vi.spyOn(test.host, 'chat').mockImplementation(async function* (_, signal): AsyncGenerator<
      ChatEvent,
      undefined,
      undefined
    > {
      yield { type: 'delta', text: 'one ' };
      await new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted.resolve();
          reject(signal.reason);
        });
      });
      return undefined;
    });
    const answer = await test.fetch('/v1/endpoints/talk', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ inputs: { question: '猫' } }),
    });
    const reader = answer.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('one');
    await reader?.cancel();
    await aborted.promise;
    await vi.waitFor(async () => {
      const { items } = (await test.call('GET', '/api/runs?kind=question')).body;
      expect(items).toMatchObject([{ state: 'cancelled', endpoint: 'talk' }]);
    });
  });
});

describe('folders', () => {
  it('are read beside the file that a flow came from, and nowhere else', async () => {
    const { mkdir, writeFile } = await import('node:fs/promises');
    await mkdir(`${test.folder}/project/documents`, { recursive: true });
    await mkdir(`${test.folder}/elsewhere`, { recursive: true });
    await writeFile(`${test.folder}/project/documents/a.txt`, '犬は朝に散歩します。');
    await writeFile(`${test.folder}/elsewhere/b.txt`, '秘密です。');
    const draw = (folder: string) => {
      const document = drawRag('x');
      const { load } = document.nodes;
      if (load === undefined) throw new Error('no loader');
      return { ...document, nodes: { ...document.nodes, load: { ...load, settings: { folder } } } };
    };
    const file = `${test.folder}/project/flow.json`;
    const buildFolder = async (folder: string) => {
      const { body } = await test.call('PUT', '/api/flow-files', { file, document: draw(folder) });
      const { run } = (await test.call('POST', `/api/flows/${body.id}/builds`, {})).body;
      return { id: body.id, end: (await test.followRun(run)).at(-1)?.event };
    };
    const first = await buildFolder('documents');
    expect(first.end).toMatchObject({ state: 'succeeded' });
    const outside = await buildFolder('../elsewhere');
    expect(outside.id).toBe(first.id);
    expect(outside.end).toMatchObject({ state: 'failed', error: { code: 'folder-not-listed' } });
    const absolute = await buildFolder(`${test.folder}/elsewhere`);
    expect(absolute.end).toMatchObject({ state: 'failed', error: { code: 'folder-not-listed' } });
    const missing = await buildFolder('nothing');
    expect(missing.end).toMatchObject({ state: 'failed', error: { code: 'folder-missing' } });
  });
});
