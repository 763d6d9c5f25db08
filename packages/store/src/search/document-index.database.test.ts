import type { DocumentIndex, IndexSnapshot } from '@kumiki/node-sdk';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectRows } from '../database/database.ts';
import type { Store } from '../database/open-store.ts';
import {
  buildIndex,
  embeddingModel,
  entryOf,
  expectState as expectIndexState,
  headOf,
  makeChunks,
  makeDocument,
  manifestOf,
} from '../testing/index-states.ts';
import type { NaiveDocument } from '../testing/naive-index.ts';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { workspace } from '../testing/samples.ts';
import { createDocumentIndex } from './create-document-index.ts';

const signal = new AbortController().signal;
let store: Store;
let lineages = 0;
const alive = new Set<string>();
let index: DocumentIndex;

beforeAll(async () => {
  store = await openTestDatabase();
  index = createDocumentIndex(store.database, { isOwnerAlive: async (owner) => alive.has(owner) });
});
afterAll(() => store.close());

function nextLineage() {
  return { workspace, lineage: `lineage-${++lineages}` };
}

const build = (at: { workspace: string; lineage: string }, documents: readonly NaiveDocument[], owner = 'run:1') =>
  buildIndex(index, at, documents, owner);
const expectState = (at: IndexSnapshot, documents: readonly NaiveDocument[], query: string) =>
  expectIndexState(index, at, documents, query);

const word = fc.constantFrom(
  '契約',
  '解約',
  '手数料',
  'かかります',
  'サーバー',
  '無料',
  'running',
  'fees',
  '東京都',
  'x1',
);
const text = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));
const state = fc.uniqueArray(
  fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), texts: fc.array(text, { maxLength: 3 }) }),
  { selector: (document) => document.id, maxLength: 6 },
);

describe('the document index', () => {
  it('shows every pinned generation as if it had been built alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(state, { minLength: 1, maxLength: 12 }), text, async (states, query) => {
        const at = nextLineage();
        const history: { generation: number; documents: NaiveDocument[] }[] = [];
        for (const each of states) {
          const documents = each.map(({ id, texts }) => makeDocument(id, texts));
          const { closed } = await build(at, documents);
          expect(closed.contents).toEqual(
            documents
              .map(({ id, contentHash }) => ({ id, contentHash }))
              .sort((left, right) => (left.id < right.id ? -1 : 1)),
          );
          expect(closed.chunks).toBe(documents.reduce((sum, document) => sum + document.chunks.length, 0));
          history.push({ generation: closed.generation, documents });
        }
        for (const { generation, documents } of history) await expectState({ ...at, generation }, documents, query);
      }),
      { numRuns: 12, seed: 20261123 },
    );
  });

  it('wants only what it does not hold, and tells what leaves', async () => {
    const at = nextLineage();
    const [a, b, c] = [makeDocument('a', ['契約']), makeDocument('b', ['解約']), makeDocument('c', ['手数料'])];
    expect((await build(at, [a, b])).opened).toEqual({ generation: 1, wanted: ['a', 'b'], leaving: [], current: null });
    const changed = makeDocument('b', ['解約の手数料']);
    const { opened, closed } = await build(at, [changed, c]);
    expect(opened).toEqual({ generation: 2, wanted: ['b', 'c'], leaving: ['a'], current: null });
    expect(closed).toMatchObject({ documents: 2, chunks: 2, failures: [] });
    await expectState({ ...at, generation: 1 }, [a, b], '解約の契約');
    await expectState({ ...at, generation: 2 }, [changed, c], '解約の契約');
  });

  it('goes on showing every generation when its segments have been merged', async () => {
    const at = nextLineage();
    const history: NaiveDocument[][] = [];
    for (let generation = 1; generation <= 40; generation++) {
      const documents = Array.from({ length: 5 }, (_, place) => {
        const changes = Math.floor((generation + place) / 5);
        return makeDocument(`d${place}`, [`契約 ${changes}`, ...(place % 2 === 0 ? [`解約 手数料 ${changes}`] : [])]);
      });
      history.push(documents);
      await build(at, documents);
    }
    const segments = await selectRows<{ state: string }>(
      store.database,
      sql`
        select segment.state from lexical_segments segment join index_lineages on index_lineages.id = lineage_id
        where lineage = ${at.lineage}`,
    );
    expect(segments.filter((segment) => segment.state === 'live').length).toBeLessThan(16);
    for (const generation of [1, 7, 20, 39, 40]) {
      await expectState({ ...at, generation }, history[generation - 1] ?? [], '契約の手数料 3');
    }
  });

  it('takes documents of more chunks than go into one statement or one segment', async () => {
    const at = nextLineage();
    const texts = Array.from({ length: 4_500 }, (_, place) => (place % 3 === 0 ? `契約 ${place}` : `解約 ${place}`));
    const documents = [makeDocument('large', texts), makeDocument('small', ['契約 手数料'])];
    expect((await build(at, documents)).closed.chunks).toBe(4_501);
    await expectState({ ...at, generation: 1 }, documents, '4498 手数料');
  });

  it('gives back all that a passage is', async () => {
    const at = nextLineage();
    await build(at, [makeDocument('load/a.md', ['無料の契約', '東京の契約'])]);
    const [passage] = await index.searchLexical({ ...at, generation: 1 }, { text: '東京', limit: 1 }, signal);
    expect(passage).toEqual({
      chunkId: 1,
      documentId: 'load/a.md',
      documentName: 'name of load/a.md',
      ordinal: 1,
      text: '東京の契約',
      start: 10,
      end: 15,
      headings: ['見出し', '1'],
      page: 1,
      metadata: { source: 'load/a.md' },
      score: expect.any(Number),
    });
  });

  it('lets one build at a time write, and the next one take over from one that died', async () => {
    const at = nextLineage();
    const [a, b] = [makeDocument('a', ['契約']), makeDocument('b', ['解約'])];
    const open = (owner: string, documents: readonly NaiveDocument[]) =>
      index.openGeneration(at, { owner, embeddingModel, manifest: manifestOf(documents) }, signal);
    alive.add('first');
    await open('first', [a, b]);
    const pinned = { ...at, generation: 1 };
    await index.replaceDocuments(pinned, 'first', [entryOf(a)], signal);
    await expect(open('second', [a])).rejects.toMatchObject({ code: 'generation-open', retryable: true });
    expect((await open('first', [a, b])).wanted).toEqual(['b']);

    alive.delete('first');
    const changed = makeDocument('b', ['解約について']);
    expect(await open('second', [a, changed])).toEqual({ generation: 1, wanted: ['b'], leaving: [], current: null });
    await expect(index.replaceDocuments(pinned, 'first', [entryOf(b)], signal)).rejects.toMatchObject({
      code: 'generation-taken-over',
    });
    await expect(index.closeGeneration(pinned, 'first', signal)).rejects.toMatchObject({
      code: 'generation-taken-over',
    });
    await expect(index.searchLexical(pinned, { text: '契約', limit: 1 }, signal)).rejects.toMatchObject({
      code: 'index-unknown',
    });
    await index.replaceDocuments(pinned, 'second', [entryOf(changed)], signal);
    await index.closeGeneration(pinned, 'second', signal);
    await expectState(pinned, [a, changed], '契約 解約');
  });

  it('opens nothing for a build that comes after one which died before it could keep what it had made', async () => {
    const at = nextLineage();
    const [a, b] = [makeDocument('a', ['契約', '続き']), makeDocument('b', ['解約'])];
    const { closed } = await build(at, [a, b], 'died');
    const again = await index.openGeneration(
      at,
      { owner: 'next', embeddingModel, manifest: manifestOf([b, a]) },
      signal,
    );
    expect(again).toEqual({ generation: 1, wanted: [], leaving: [], current: closed });
    expect((await build(at, [a], 'after')).closed).toMatchObject({ generation: 2, documents: 1, chunks: 2 });
  });

  it('tries a document again that could not be read the last time, although all else is there', async () => {
    const at = nextLineage();
    const a = makeDocument('a', ['契約']);
    await build(at, [a]);
    const broken = makeDocument('b', ['解約']);
    const manifest = manifestOf([a, broken]);
    await index.openGeneration(at, { owner: 'run:2', embeddingModel, manifest }, signal);
    const pinned = { ...at, generation: 2 };
    const error = {
      code: 'document-damaged',
      message: { en: 'No', ja: '不可' },
      retryable: false,
      node: null,
      path: null,
    };
    await index.recordFailure(pinned, 'run:2', 'b', 'b', error);
    await index.closeGeneration(pinned, 'run:2', signal);
    const opened = await index.openGeneration(at, { owner: 'run:3', embeddingModel, manifest }, signal);
    expect(opened).toEqual({ generation: 3, wanted: ['b'], leaving: [], current: null });
  });

  it('replaces documents together: new ones, changed ones, and those that are there already', async () => {
    const at = nextLineage();
    const [kept, old] = [makeDocument('kept', ['契約', '更新']), makeDocument('changed', ['解約'])];
    await build(at, [kept, old]);
    const changed = makeDocument('changed', ['解約について', '返金']);
    const [added, empty] = [makeDocument('added', ['移転']), makeDocument('empty', [])];
    const wanted = [added, kept, empty, changed];
    const pinned = { ...at, generation: 2 };
    await index.openGeneration(at, { owner: 'run:2', embeddingModel, manifest: manifestOf(wanted) }, signal);
    const written = wanted.map(entryOf);
    await index.replaceDocuments(pinned, 'run:2', written, signal);
    const closed = await index.closeGeneration(pinned, 'run:2', signal);
    expect(closed).toMatchObject({ documents: 4, chunks: 5 });
    await expectState(pinned, wanted, '契約 解約 返金 移転');
    await expectState({ ...at, generation: 1 }, [kept, old], '契約 解約 返金 移転');
  });

  it('replaces all of them or none', async () => {
    const at = nextLineage();
    const [a, b] = [makeDocument('a', ['契約']), makeDocument('b', ['解約'])];
    const pinned = { ...at, generation: 1 };
    await index.openGeneration(at, { owner: 'run:1', embeddingModel, manifest: manifestOf([a, b]) }, signal);
    // The database refuses one of them when the others are in.
    const written = [a, b, b].map(entryOf);
    await expect(index.replaceDocuments(pinned, 'run:1', written, signal)).rejects.toThrow();
    const again = { owner: 'run:1', embeddingModel, manifest: manifestOf([a, b]) };
    expect((await index.openGeneration(at, again, signal)).wanted).toEqual(['a', 'b']);
  });

  it('forgets what a dead build had put in and nobody wants any more', async () => {
    const at = nextLineage();
    const [a, b] = [makeDocument('a', ['契約']), makeDocument('b', ['解約'])];
    await build(at, [a]);
    const pinned = { ...at, generation: 2 };
    await index.openGeneration(at, { owner: 'dead', embeddingModel, manifest: manifestOf([a, b]) }, signal);
    await index.replaceDocuments(pinned, 'dead', [entryOf(b)], signal);
    const again = makeDocument('a', ['契約 契約']);
    await index.openGeneration(at, { owner: 'next', embeddingModel, manifest: manifestOf([again]) }, signal);
    await index.replaceDocuments(pinned, 'next', [entryOf(again)], signal);
    const reverted = makeDocument('a', ['契約']);
    const opened = await index.openGeneration(
      at,
      { owner: 'last', embeddingModel, manifest: manifestOf([reverted]) },
      signal,
    );
    expect(opened).toEqual({ generation: 2, wanted: ['a'], leaving: ['b'], current: null });
    await index.replaceDocuments(pinned, 'last', [entryOf(reverted)], signal);
    const closed = await index.closeGeneration(pinned, 'last', signal);
    expect(closed.contents).toEqual([{ id: 'a', contentHash: reverted.contentHash }]);
    await expectState(pinned, [reverted], '契約 解約');
    await expectState({ ...at, generation: 1 }, [a], '契約 解約');
  });

  it('takes away what a merge had begun that died after its build', async () => {
    const at = nextLineage();
    await build(at, [makeDocument('a', ['契約'])]);
    const drafts = () =>
      selectRows(
        store.database,
        sql`
          select 1 from lexical_segments segment join index_lineages lineage on lineage.id = segment.lineage_id
          where lineage.lineage = ${at.lineage} and segment.state = 'draft'`,
      );
    await store.database.execute(sql`
      insert into lexical_segments (workspace_id, lineage_id, state, first_chunk, chunks, lengths)
      select workspace_id, id, 'draft', 0, 1, ''::bytea from index_lineages where lineage = ${at.lineage}`);
    expect(await drafts()).toHaveLength(1);
    await build(at, [makeDocument('a', ['解約'])]);
    expect(await drafts()).toEqual([]);
    await expectState({ ...at, generation: 2 }, [makeDocument('a', ['解約'])], '契約 解約');
  });

  it('keeps the previous text of a document that cannot be read, and tells why', async () => {
    const at = nextLineage();
    const [a, b] = [makeDocument('a', ['契約']), makeDocument('b', ['解約'])];
    await build(at, [a, b]);
    const pinned = { ...at, generation: 2 };
    const manifest = manifestOf([a, makeDocument('b', ['壊れた']), makeDocument('c', ['新しい'])]);
    await index.openGeneration(at, { owner: 'run:2', embeddingModel, manifest }, signal);
    const error = { code: 'document-damaged', message: { en: 'x', ja: 'x' }, retryable: false, node: null, path: null };
    await index.recordFailure(pinned, 'run:2', 'c', 'c', error);
    await index.recordFailure(pinned, 'run:2', 'b', 'b', error);
    const closed = await index.closeGeneration(pinned, 'run:2', signal);
    expect(closed.failures).toEqual([
      { id: 'b', error },
      { id: 'c', error },
    ]);
    expect(closed.contents.map(({ id }) => id)).toEqual(['a', 'b']);
    await expectState(pinned, [a, b], '契約 解約');
  });

  it('rebuilds the whole where there is no manifest', async () => {
    const at = nextLineage();
    const [a, b] = [makeDocument('a', ['契約']), makeDocument('b', ['解約'])];
    await build(at, [a, b]);
    const pinned = { ...at, generation: 2 };
    expect(await index.openGeneration(at, { owner: 'run:2', embeddingModel, manifest: null }, signal)).toEqual({
      generation: 2,
      wanted: [],
      leaving: [],
      current: null,
    });
    await index.replaceDocuments(
      pinned,
      'run:2',
      [{ document: headOf(a), items: makeDocument('a', ['契約', '続き']).chunks }],
      signal,
    );
    const closed = await index.closeGeneration(pinned, 'run:2', signal);
    expect(closed).toMatchObject({ documents: 1, chunks: 2 });
    await expectState(pinned, [{ ...a, chunks: makeChunks(['契約', '続き']) }], '契約 解約 続き');
  });

  it('does not write a document again that turns out to be the same after reading', async () => {
    const at = nextLineage();
    const a = makeDocument('a', ['契約']);
    await build(at, [a]);
    const unread = [{ id: 'a', name: 'a', identity: 'touched', contentHash: null }];
    const opened = await index.openGeneration(at, { owner: 'run:2', embeddingModel, manifest: unread }, signal);
    expect(opened.wanted).toEqual(['a']);
    const pinned = { ...at, generation: 2 };
    await index.replaceDocuments(pinned, 'run:2', [entryOf(a)], signal);
    await index.closeGeneration(pinned, 'run:2', signal);
    const [passage] = await index.searchLexical(pinned, { text: '契約', limit: 1 }, signal);
    expect(passage?.chunkId).toBe(0);
  });

  it('refuses vectors of another model', async () => {
    const at = nextLineage();
    await build(at, [makeDocument('a', ['契約'])]);
    const other = { ...embeddingModel, digest: 'sha256:2' };
    await expect(
      index.openGeneration(at, { owner: 'run:2', embeddingModel: other, manifest: [] }, signal),
    ).rejects.toMatchObject({ code: 'index-model-mismatch' });
    await expect(
      index.searchDense({ ...at, generation: 1 }, { vector: new Float32Array(3), limit: 1 }, signal),
    ).rejects.toMatchObject({ code: 'index-model-mismatch' });
  });

  it('keeps workspaces apart', async () => {
    const at = nextLineage();
    await build(at, [makeDocument('a', ['契約'])]);
    await expect(
      index.searchLexical({ ...at, workspace: 'other', generation: 1 }, { text: '契約', limit: 1 }, signal),
    ).rejects.toMatchObject({ code: 'index-unknown' });
  });

  it('answers an empty index and a query without words with nothing', async () => {
    const at = nextLineage();
    await build(at, []);
    const pinned = { ...at, generation: 1 };
    expect(await index.searchLexical(pinned, { text: '契約', limit: 5 }, signal)).toEqual([]);
    expect(await index.searchLexical(pinned, { text: '。、', limit: 5 }, signal)).toEqual([]);
    const vector = Float32Array.of(1, 0, 0, 0);
    expect(await index.searchBoth(pinned, { text: '契約', vector, candidates: 5 }, signal)).toEqual([]);
  });
});
