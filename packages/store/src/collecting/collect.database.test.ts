import type { DocumentIndex } from '@kumiki/node-sdk';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { selectRows } from '../database/database.ts';
import type { Store } from '../database/open-store.ts';
import { listArtifacts } from '../queries/artifact-list.ts';
import { createArtifactStore } from '../queries/artifacts.ts';
import { insertBuild } from '../queries/builds.ts';
import { keepEmbeddings } from '../queries/embedding-cache.ts';
import { insertFlow } from '../queries/flows.ts';
import { claimRun, finishRun, insertQueuedRuns } from '../queries/runs.ts';
import { createDocumentIndex } from '../search/create-document-index.ts';
import { buildIndex, embeddingModel, expectState, makeDocument, manifestOf } from '../testing/index-states.ts';
import type { NaiveDocument } from '../testing/naive-index.ts';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { makeDocument as makeFlow, workspace } from '../testing/samples.ts';
import { collect, countCollectable } from './collect.ts';

const signal = new AbortController().signal;
const at = { workspace, lineage: 'index' };
const nothing = { artifacts: 0, indexes: 0, generations: 0, documents: 0, chunks: 0, vectors: 0 };
const scope = { workspace, graceHours: 24 };
let store: Store;
let index: DocumentIndex;
let flow: string;
beforeEach(async () => {
  store = await openTestDatabase();
  index = createDocumentIndex(store.database, { isOwnerAlive: async () => false });
  flow = (await insertFlow(store.database, { workspace, document: makeFlow('collected') })).id;
});
afterEach(() => store.close());

/** Builds an index and keeps its artifact, as a node does. Gives the values that a build would hold. */
async function make(documents: readonly NaiveDocument[], fingerprint: string, location = at) {
  const { closed } = await buildIndex(index, location, documents);
  const outputs = { index: { lineage: location.lineage, generation: closed.generation } };
  await createArtifactStore(store.database).save(workspace, {
    fingerprint,
    lineage: location.lineage,
    nodeType: 'index/pgvector',
    outputs,
    contents: closed.contents,
  });
  return { generation: closed.generation, nodes: { index: { fingerprint, outputs } } };
}

type Made = Awaited<ReturnType<typeof make>>;

function number(made: Made, fingerprint: string) {
  return insertBuild(store.database, {
    workspace,
    flow,
    version: 1,
    run: null,
    nodes: made.nodes,
    fingerprints: [fingerprint],
    models: [],
  });
}

/** As if all that was used and closed so far had been so two days ago. */
async function age(): Promise<void> {
  for (const statement of [
    sql`update artifacts set used_at = used_at - interval '2 days'`,
    sql`update index_lineages set used_at = used_at - interval '2 days'`,
    sql`update index_generations set closed_at = closed_at - interval '2 days'`,
    sql`update embedding_cache set created_at = created_at - interval '2 days'`,
  ]) {
    await store.database.execute(statement);
  }
}

/** What would go is what goes, and then nothing is left to go. */
async function collectAll() {
  const counted = await countCollectable(store.database, scope);
  expect(await collect(store.database, scope, signal)).toEqual(counted);
  expect(await countCollectable(store.database, scope)).toEqual(nothing);
  return counted;
}

async function countRows(table: string): Promise<number> {
  const [row] = await selectRows<{ rows: number }>(
    store.database,
    sql`select count(*)::float8 as rows from ${sql.identifier(table)}`,
  );
  return row?.rows ?? -1;
}

const indexSchema = z.object({ index: z.object({ generation: z.int() }) });

const first = [makeDocument('a', ['契約 一']), makeDocument('b', ['解約'])];
const second = [makeDocument('a', ['契約 二', '手数料']), makeDocument('b', ['解約'])];
const third = [makeDocument('a', ['契約 三']), makeDocument('c', ['東京'])];

describe('collecting', () => {
  it('takes what no build names once nobody has used it for the time of grace', async () => {
    await make(first, 'f1');
    await make(second, 'f2');
    expect(await collectAll()).toEqual(nothing);
    await age();
    expect(await collectAll()).toEqual({ ...nothing, artifacts: 2, indexes: 1, documents: 3, chunks: 4 });
    for (const table of ['artifacts', 'index_lineages', 'index_documents', 'index_vectors', 'lexical_postings']) {
      expect([table, await countRows(table)]).toEqual([table, 0]);
    }
  });

  it('takes generations that no build names, and leaves those that one does as they were', async () => {
    await number(await make(first, 'f1'), 'f1');
    await make(second, 'f2');
    await number(await make(third, 'f3'), 'f3');
    await age();
    // The second one's text of `a`; what the first one shows stays.
    expect(await collectAll()).toEqual({ ...nothing, artifacts: 1, generations: 1, documents: 1, chunks: 2 });
    await expectState(index, { ...at, generation: 1 }, first, '契約 二 手数料 解約');
    await expectState(index, { ...at, generation: 3 }, third, '契約 二 手数料 東京');
    const pinned = { ...at, generation: 2 };
    await expect(index.searchLexical(pinned, { text: '契約', limit: 1 }, signal)).rejects.toMatchObject({
      code: 'index-unknown',
    });
    const [posting] = await selectRows(store.database, sql`select 1 from lexical_postings where term = '手数'`);
    expect(posting).toBeUndefined();
  });

  it('leaves the newest generation, from which the next build goes on', async () => {
    await number(await make(first, 'f1'), 'f1');
    await make(second, 'f2');
    await age();
    expect(await collectAll()).toEqual({ ...nothing, artifacts: 1 });
    const { closed } = await buildIndex(index, at, third);
    await expectState(index, { ...at, generation: closed.generation }, third, '契約 東京');
  });

  it('keeps the generation of a build whose artifact was redacted and made anew', async () => {
    await number(await make(first, 'f1'), 'f1');
    await make(second, 'f2');
    await store.database.execute(sql`update artifacts set redacted_at = now() where fingerprint = 'f1'`);
    await make(third, 'f1');
    await age();
    expect((await collectAll()).generations).toBe(1);
    await expectState(index, { ...at, generation: 1 }, first, '契約 解約');
  });

  it('takes nothing that a run which is under way has found, however long it takes', async () => {
    await make(first, 'f1');
    await age();
    const [queued = ''] = await insertQueuedRuns(store.database, [{ workspace, kind: 'build', flow, version: 1 }]);
    const run = await claimRun(store.database, queued);
    expect(await createArtifactStore(store.database).find(workspace, 'f1')).not.toBeNull();
    await store.database.execute(sql`update runs set started_at = started_at - interval '2 days'`);
    await store.database.execute(sql`update artifacts set used_at = used_at - interval '2 days'`);
    expect(await collectAll()).toEqual(nothing);
    await finishRun(store.database, { run: queued, attempt: run?.attempt ?? 0 }, { state: 'failed' });
    expect((await collectAll()).artifacts).toBe(1);
  });

  it('never ends in a build without its artifact, in whatever order the two come', async () => {
    const artifacts = createArtifactStore(store.database);
    for (let round = 0; round < 12; round++) {
      await make(first, 'f1');
      await age();
      const [queued = ''] = await insertQueuedRuns(store.database, [{ workspace, kind: 'build', flow, version: 1 }]);
      const build = async () => {
        await claimRun(store.database, queued);
        const found = await artifacts.find(workspace, 'f1');
        if (found === null) return make(first, 'f1');
        return { generation: 0, nodes: { index: { fingerprint: 'f1', outputs: found.outputs } } };
      };
      const early = round % 2 === 0 ? build() : null;
      const collecting = collect(store.database, scope, signal);
      const made = await (early ?? build());
      await collecting;
      await store.database.transaction(async (transaction) => {
        const { nodes } = made;
        await insertBuild(transaction, {
          workspace,
          flow,
          version: 1,
          run: null,
          nodes,
          fingerprints: ['f1'],
          models: [],
        });
        await finishRun(transaction, { run: queued, attempt: 1 }, { state: 'succeeded' });
      });
      await age();
      await collectAll();
      const { generation } = indexSchema.parse(made.nodes.index.outputs).index;
      await expectState(index, { ...at, generation }, first, '契約 解約');
      await store.database.execute(sql`delete from builds`);
    }
  });

  it('leaves an index alone that a build has open, and takes one that was left open long ago', async () => {
    await number(await make(first, 'f1'), 'f1');
    await make(second, 'f2');
    await make(third, 'f3');
    await age();
    await index.openGeneration(at, { owner: 'run:9', embeddingModel, manifest: manifestOf(first) }, signal);
    expect((await collectAll()).generations).toBe(0);
    await store.database.execute(sql`delete from builds`);
    await age();
    expect((await collectAll()).indexes).toBe(1);
  });

  it('lets a build make an index anew that was collected, also where this process still knew it', async () => {
    await make(first, 'f1');
    await age();
    await collectAll();
    const { generation } = await make(second, 'f2');
    await expectState(index, { ...at, generation }, second, '契約 手数料');
  });

  it('goes on where it was interrupted', async () => {
    await make(first, 'f1');
    await age();
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    await expect(collect(store.database, scope, stop.signal)).rejects.toThrow('stopped');
    expect(await countRows('index_chunks')).toBe(2);
    await collect(store.database, scope, signal);
    expect(await countRows('index_chunks')).toBe(0);
  });

  it('takes cached vectors of models that no index is made with any more', async () => {
    await number(await make(first, 'f1'), 'f1');
    const vector = Float32Array.of(1, 2, 3, 4);
    for (const model of [embeddingModel.digest, 'sha256:old']) {
      await keepEmbeddings(store.database, { workspace, model, prefix: '' }, [{ text: 'x', vector }]);
    }
    await age();
    expect(await collectAll()).toEqual({ ...nothing, vectors: 1 });
    expect(await countRows('embedding_cache')).toBe(1);
  });
});

describe('the list of artifacts', () => {
  it('says which builds name each, newest first, page by page', async () => {
    for (const [place, fingerprint] of ['f1', 'f2', 'f3'].entries()) {
      const made = await make([makeDocument('a', [`契約 ${place}`])], fingerprint);
      await store.database.execute(sql`
        update artifacts set created_at = ${`2026-01-0${place + 1}T00:00:00.123Z`}::timestamptz where fingerprint = ${fingerprint}`);
      if (fingerprint !== 'f2') await number(made, fingerprint);
    }
    const page = await listArtifacts(store.database, { workspace, limit: 2 });
    expect(page.items).toMatchObject([
      { fingerprint: 'f3', bytes: null, builds: [{ flow, number: 2 }] },
      { fingerprint: 'f2', builds: [] },
    ]);
    const rest = await listArtifacts(store.database, { workspace, limit: 2, cursor: page.next ?? '' });
    expect(rest).toMatchObject({ items: [{ fingerprint: 'f1', builds: [{ flow, number: 1 }] }], next: null });
    await expect(listArtifacts(store.database, { workspace, cursor: 'x' })).rejects.toMatchObject({
      code: 'cursor-invalid',
    });
  });
});
