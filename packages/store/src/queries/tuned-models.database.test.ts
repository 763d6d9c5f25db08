import type { AdapterValue } from '@kumiki/node-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../database/open-store.ts';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { makeDocument, workspace } from '../testing/samples.ts';
import { insertBuild } from './builds.ts';
import { findUnnamedContents } from './files.ts';
import { deleteFlow, insertFlow } from './flows.ts';
import { claimRun, findNodeStops, insertQueuedRuns, requestCancel, requestNodeStop } from './runs.ts';
import {
  deleteTunedModel,
  insertTunedModel,
  listTunedModels,
  readTunedModel,
  renameTunedModel,
} from './tuned-models.ts';

let store: Store;
beforeAll(async () => {
  store = await openTestDatabase();
});
afterAll(() => store.close());

let made = 0;

function makeModel(parts: { readonly name?: string } = {}) {
  made += 1;
  const hash = (of: string) => `${of}${made}`.padEnd(64, '0');
  const adapter: AdapterValue = {
    digest: `sha256:${hash('a')}`,
    files: [
      { name: 'adapter_config.json', sha256: hash('c'), bytes: 10 },
      { name: 'adapter_model.safetensors', sha256: hash('d'), bytes: 100 },
    ],
    base: `sha256:${hash('b')}`,
    prompt: null,
  };
  const base = { host: 'embedded', name: 'base', digest: adapter.base, template: null, contextLength: 2_048 };
  return { workspace, origin: 'trained' as const, adapter, base, card: { steps: 12 }, ...parts };
}

describe('tuned models', () => {
  it('are listed newest first, a page at a time', async () => {
    const { database } = store;
    const first = await insertTunedModel(database, makeModel());
    const second = await insertTunedModel(database, makeModel());
    const page = await listTunedModels(database, { workspace, limit: 1 });
    expect(page.items.map(({ id }) => id)).toEqual([second.id]);
    const rest = await listTunedModels(database, { workspace, limit: 1, cursor: page.next ?? '' });
    expect(rest.items.map(({ id }) => id)).toEqual([first.id]);
    expect((await listTunedModels(database, { workspace: 'other' })).items).toEqual([]);
    const found = await listTunedModels(database, { workspace, digest: first.digest });
    expect(found.items.map(({ id }) => id)).toEqual([first.id]);
  });

  it('are one where their files are the same', async () => {
    const { database } = store;
    const model = makeModel();
    const first = await insertTunedModel(database, model);
    expect(await insertTunedModel(database, { ...model, card: { steps: 13 } })).toEqual(first);
  });

  it('are found by id and by name, within their workspace', async () => {
    const { database } = store;
    const { id } = await insertTunedModel(database, makeModel({ name: '窓口の口調' }));
    expect(await readTunedModel(database, { workspace, model: '窓口の口調' })).toMatchObject({ id });
    expect(await readTunedModel(database, { workspace, model: id })).toMatchObject({ id });
    await expect(readTunedModel(database, { workspace: 'other', model: id })).rejects.toMatchObject({
      code: 'tuned-model-unknown',
    });
  });

  it('have names of their own', async () => {
    const { database } = store;
    await insertTunedModel(database, makeModel({ name: 'taken' }));
    const { id } = await insertTunedModel(database, makeModel());
    const taken = { code: 'tuned-model-exists' };
    await expect(renameTunedModel(database, { workspace, model: id, name: 'taken' })).rejects.toMatchObject(taken);
    await expect(insertTunedModel(database, makeModel({ name: 'taken' }))).rejects.toMatchObject(taken);
    expect(await renameTunedModel(database, { workspace, model: id, name: 'free' })).toMatchObject({ name: 'free' });
  });

  it('keep their files until they are deleted', async () => {
    const { database } = store;
    const { id, hashes } = await insertTunedModel(database, makeModel());
    expect(await findUnnamedContents(database, hashes)).toEqual([]);
    await deleteTunedModel(database, { workspace, model: id });
    expect(await findUnnamedContents(database, hashes)).toEqual(hashes);
    await expect(deleteTunedModel(database, { workspace, model: id })).rejects.toMatchObject({
      code: 'tuned-model-unknown',
    });
  });

  it.each(['name', 'id'] as const)('stay while a flow asks for them by %s', async (by) => {
    const { database } = store;
    const row = await insertTunedModel(database, makeModel({ name: `asked by ${by}` }));
    const document = makeDocument(`流れ ${by}`);
    const settings = { model: 'base', tuned: row[by] ?? '' };
    const nodes = { chat: { type: 'model/chat', version: 1, settings, position: { x: 0, y: 0 } } };
    const flow = (await insertFlow(database, { workspace, document: { ...document, nodes } })).id;
    const refusal = expect.stringContaining(`流れ ${by}`);
    await expect(deleteTunedModel(database, { workspace, model: row.id })).rejects.toMatchObject({
      code: 'tuned-model-in-use',
      text: { ja: refusal },
    });
    const renaming = renameTunedModel(database, { workspace, model: row.id, name: `other than ${by}` });
    if (by === 'name') await expect(renaming).rejects.toMatchObject({ code: 'tuned-model-in-use' });
    else await renaming;
    await deleteFlow(database, { workspace, flow });
    await deleteTunedModel(database, { workspace, model: row.id });
  });

  it('stay while a build holds their weights', async () => {
    const { database } = store;
    const model = makeModel();
    const row = await insertTunedModel(database, model);
    const flow = (await insertFlow(database, { workspace, document: makeDocument('built') })).id;
    const nodes = JSON.parse(JSON.stringify({ tune: { outputs: { model: { adapter: model.adapter } } } }));
    await insertBuild(database, { workspace, flow, version: 1, run: null, nodes, fingerprints: [], models: {} });
    await expect(deleteTunedModel(database, { workspace, model: row.id })).rejects.toMatchObject({
      code: 'tuned-model-in-use',
    });
    await deleteFlow(database, { workspace, flow });
    await deleteTunedModel(database, { workspace, model: row.id });
  });
});

describe('stopping a node early', () => {
  it('is remembered by the run until it ends, each node once', async () => {
    const { database } = store;
    const flow = (await insertFlow(database, { workspace, document: makeDocument('trains') })).id;
    const [run = ''] = await insertQueuedRuns(database, [{ workspace, kind: 'build', flow, version: 1 }]);
    await claimRun(database, run);
    expect(await findNodeStops(database, [run])).toEqual([{ run, nodes: [] }]);
    await requestNodeStop(database, { workspace, run, node: 'tune' });
    await requestNodeStop(database, { workspace, run, node: 'tune' });
    await requestNodeStop(database, { workspace, run, node: 'inner/tune' });
    expect(await findNodeStops(database, [run])).toEqual([{ run, nodes: ['tune', 'inner/tune'] }]);
  });

  it('comes too late for a run that has ended, and knows none of another workspace', async () => {
    const { database } = store;
    const flow = (await insertFlow(database, { workspace, document: makeDocument('ended') })).id;
    const [run = ''] = await insertQueuedRuns(database, [{ workspace, kind: 'build', flow, version: 1 }]);
    await expect(requestNodeStop(database, { workspace: 'other', run, node: 'tune' })).rejects.toMatchObject({
      code: 'run-unknown',
    });
    await requestCancel(database, { workspace, run });
    expect(await requestNodeStop(database, { workspace, run, node: 'tune' })).toBeNull();
  });
});
