import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../database/open-store.ts';
import { createArtifactStore } from '../queries/artifacts.ts';
import { insertBuild, readBuild } from '../queries/builds.ts';
import { insertFlow } from '../queries/flows.ts';
import { insertFinishedRuns, listRuns, type NewRun } from '../queries/runs.ts';
import type { DocumentTarget } from '../schema/forgettings.ts';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { makeDocument, workspace } from '../testing/samples.ts';
import { countDocument, forgetDocument } from './forget-document.ts';

const { signal } = new AbortController();
const secretHash = 'a'.repeat(64);
const otherHash = 'b'.repeat(64);
let store: Store;
let reading: string;
let stranger: string;
beforeEach(async () => {
  store = await openTestDatabase();
  reading = (await insertFlow(store.database, { workspace, document: makeDocument('reading') })).id;
  stranger = (await insertFlow(store.database, { workspace, document: makeDocument('stranger') })).id;
});
afterEach(() => store.close());

function target(): DocumentTarget {
  const quotes = ['"load/secret.txt"', '金庫の番号は四七一一です'];
  return { kind: 'document', contentHashes: [secretHash], documents: [], flows: [reading], quotes };
}

const forget = () =>
  forgetDocument(
    store.database,
    { workspace, target: target(), redactEvent: () => ({}), forgetExamples: async () => {} },
    signal,
  );
const count = () => countDocument(store.database, { workspace, target: target() }, signal);

function makeRun(flow: string, asked: string, answer: string) {
  const at = new Date();
  const run: NewRun = { workspace, kind: 'question', flow, version: 1, inputs: { asked } };
  return { run: { ...run, startedAt: at, endedAt: at }, result: { state: 'succeeded' as const, outputs: { answer } } };
}

describe('forgetting a document', () => {
  it('redacts what was made from it, and the models that were tuned beside it', async () => {
    const artifacts = createArtifactStore(store.database);
    const contents = {
      index: [
        { id: 'load/other.txt', contentHash: otherHash },
        { id: 'load/secret.txt', contentHash: secretHash },
      ],
      apart: [{ id: 'load/other.txt', contentHash: otherHash }],
    };
    const save = (fingerprint: string, nodeType: string, made: readonly { id: string; contentHash: string }[]) =>
      artifacts.save(workspace, { fingerprint, lineage: fingerprint, nodeType, outputs: {}, contents: made });
    await save('index', 'index/pgvector', contents.index);
    await save('tuned', 'finetune/lora', []);
    await save('apart', 'index/pgvector', contents.apart);
    await save('elsewhere', 'finetune/lora', []);
    // Of a build that failed: nothing says what it was made beside.
    await save('failed', 'dataset/split', []);
    const build = { workspace, flow: reading, version: 1, run: null, nodes: {}, models: [] };
    await insertBuild(store.database, { ...build, fingerprints: ['index', 'tuned'] });
    await insertBuild(store.database, { ...build, fingerprints: ['apart', 'elsewhere'] });

    expect(await count()).toMatchObject({
      artifacts: [
        { fingerprint: 'failed', nodeType: 'dataset/split' },
        { fingerprint: 'index', nodeType: 'index/pgvector' },
        { fingerprint: 'tuned', nodeType: 'finetune/lora' },
      ],
      builds: [{ flow: reading, number: 1 }],
    });
    expect(await artifacts.find(workspace, 'index')).not.toBeNull();
    await forget();
    for (const fingerprint of ['index', 'tuned']) expect(await artifacts.find(workspace, fingerprint)).toBeNull();
    for (const fingerprint of ['apart', 'elsewhere'])
      expect(await artifacts.find(workspace, fingerprint)).not.toBeNull();
    const readState = async (number: number) =>
      (await readBuild(store.database, { workspace, flow: reading, build: number })).state;
    expect([await readState(1), await readState(2)]).toEqual(['redacted', 'complete']);
    expect((await count()).artifacts).toEqual([]);
    expect(await artifacts.find(workspace, 'failed')).toBeNull();
    // Made anew without it, it is found as anything else.
    await save('index', 'index/pgvector', contents.apart);
    expect(await artifacts.find(workspace, 'index')).toMatchObject({ contents: contents.apart });
  });

  it('takes from every run that quotes it what it held, however many there are, and from no other', async () => {
    await insertFinishedRuns(
      store.database,
      Array.from({ length: 450 }, (_, place) => makeRun(reading, `質問 ${place}`, '猫です')),
    );
    await insertFinishedRuns(store.database, [
      makeRun(reading, '番号は', '金庫の番号は四七一一です。'),
      makeRun(reading, '"load/secret.txt" ではない "', 'x'),
      makeRun(stranger, '番号は', '金庫の番号は四七一一です。'),
      makeRun(stranger, secretHash, 'x'),
    ]);
    // The second only holds the id with its quotes escaped, so it does not name the document.
    expect((await count()).runs).toBe(2);
    await forget();
    const { items } = await listRuns(store.database, { workspace, limit: 500 });
    const redacted = items.filter(({ redactedAt }) => redactedAt !== null);
    expect(redacted.map(({ flowId, inputs, outputs, state }) => ({ flowId, inputs, outputs, state }))).toEqual([
      { flowId: stranger, inputs: {}, outputs: null, state: 'succeeded' },
      { flowId: reading, inputs: {}, outputs: null, state: 'succeeded' },
    ]);
    expect(items.filter(({ outputs }) => outputs !== null)).toHaveLength(452);
    expect((await count()).runs).toBe(0);
  });

  it('leaves a run alone that is under way, which has to be gone over again', async () => {
    await insertFinishedRuns(store.database, [makeRun(reading, '金庫の番号は四七一一です', 'x')]);
    await store.database.execute(sql`update runs set state = 'running'`);
    await forget();
    expect((await listRuns(store.database, { workspace })).items).toMatchObject([{ redactedAt: null }]);
    await store.database.execute(sql`update runs set state = 'succeeded'`);
    await forget();
    expect((await listRuns(store.database, { workspace })).items).toMatchObject([{ inputs: {}, outputs: null }]);
  });
});
