import { type DocumentIndex, KumikiError } from '@kumiki/node-sdk';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, selectRows } from '../database/database.ts';
import type { Store } from '../database/open-store.ts';
import { takeGeneration } from '../forgetting/forget-document.ts';
import { buildIndex, expectState, makeDocument } from '../testing/index-states.ts';
import type { NaiveDocument } from '../testing/naive-index.ts';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { workspace } from '../testing/samples.ts';
import { createDocumentIndex } from './create-document-index.ts';
import { readLineage } from './lineages.ts';
import { purgeWhere } from './purge-documents.ts';
import { tokeniserVersion } from './tokenise.ts';

const { signal } = new AbortController();
let store: Store;
let index: DocumentIndex;
let lineages = 0;
beforeAll(async () => {
  store = await openTestDatabase();
  index = createDocumentIndex(store.database, { isOwnerAlive: async () => false });
});
afterAll(() => store.close());

function nextLineage() {
  return { workspace, lineage: `purged-${++lineages}` };
}

type Location = ReturnType<typeof nextLineage>;

async function purge(at: Location, id: string, tokeniser = tokeniserVersion): Promise<number> {
  const lineage = await readLineage(store.database, at);
  const hold = (transaction: Database) => takeGeneration(transaction, lineage.id);
  const which = sql`document_id = ${id}`;
  return (await purgeWhere(store.database, { id: lineage.id, tokeniser }, { which, hold }, signal)).documents;
}

async function listTerms(at: Location): Promise<readonly string[]> {
  const rows = await selectRows<{ term: string }>(
    store.database,
    sql`
      select distinct term from lexical_postings posting join lexical_segments segment on segment.id = segment_id
      join index_lineages lineage on lineage.id = lineage_id where lineage.lineage = ${at.lineage}`,
  );
  return rows.map(({ term }) => term);
}

const word = fc.constantFrom('契約', '解約', '手数料', 'サーバー', 'running', 'fees', '東京都', 'x1');
const text = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));
const state = fc.uniqueArray(
  fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), texts: fc.array(text, { maxLength: 3 }) }),
  { selector: (document) => document.id, maxLength: 4 },
);

describe('a document that is purged', () => {
  it('is gone from every generation, statistics included, as if it had never been there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(state, { minLength: 1, maxLength: 10 }), text, async (states, query) => {
        const at = nextLineage();
        const history: { generation: number; documents: NaiveDocument[] }[] = [];
        for (const each of states) {
          const documents = each.map(({ id, texts }) => makeDocument(id, texts));
          history.push({ generation: (await buildIndex(index, at, documents)).closed.generation, documents });
        }
        // So that something is remembered that does not hold any more.
        for (const { generation, documents } of history)
          await expectState(index, { ...at, generation }, documents, query);
        await purge(at, 'a');
        const rest = history.map((each) => ({ ...each, documents: each.documents.filter(({ id }) => id !== 'a') }));
        for (const { generation, documents } of rest) await expectState(index, { ...at, generation }, documents, query);
        const next = [makeDocument('a', ['契約 x1']), ...(rest.at(-1)?.documents ?? [])];
        const { closed } = await buildIndex(index, at, next);
        await expectState(index, { ...at, generation: closed.generation }, next, query);
      }),
      { numRuns: 12, seed: 20261129 },
    );
  });

  it('takes nothing else along while builds write the index that it is in', async () => {
    for (let round = 0; round < 8; round++) {
      const at = nextLineage();
      const others = Array.from({ length: 6 }, (_, place) => makeDocument(`d${place}`, [`契約 ${place}`, '解約']));
      const secret = makeDocument('secret', ['zanzibar 契約', '解約 zanzibar']);
      await buildIndex(index, at, [secret, ...others.slice(0, round % 3)]);
      const write = async (attempt: number): Promise<number> => {
        try {
          return (await buildIndex(index, at, [...others, secret], `run:${attempt}`)).closed.generation;
        } catch (error) {
          if (!(error instanceof KumikiError) || error.code !== 'generation-taken-over') throw error;
          return write(attempt + 1);
        }
      };
      const purges = async () => {
        for (let times = 0; times < 4; times++) await purge(at, 'secret');
      };
      const [generation] = await Promise.all([write(1), purges()]);
      await purge(at, 'secret');
      expect(await listTerms(at)).not.toContain('zanzibar');
      await expectState(index, { ...at, generation }, others, '契約 解約 zanzibar 3');
    }
  });

  it.each([
    ['this version', tokeniserVersion],
    ['another version', 0],
  ])('leaves none of its words behind where %s of Kumiki had split them', async (_, tokeniser) => {
    const at = nextLineage();
    const others = Array.from({ length: 9 }, (_, place) => makeDocument(`d${place}`, [`契約 ${place}`]));
    await buildIndex(index, at, [makeDocument('secret', ['合言葉 zanzibar 契約']), ...others]);
    expect(await listTerms(at)).toContain('zanzibar');
    expect(await purge(at, 'secret', tokeniser)).toBe(1);
    const terms = await listTerms(at);
    expect(terms).toContain('契約');
    expect(terms.filter((term) => 'zanzibar'.includes(term) || '合言葉'.includes(term))).toEqual([]);
  });

  it('does not come back by a merge that had read its postings before', async () => {
    const at = nextLineage();
    const documents = Array.from({ length: 7 }, (_, place) => makeDocument(`d${place}`, [`契約 ${place}`]));
    for (let count = 1; count <= documents.length; count++) await buildIndex(index, at, documents.slice(0, count));
    // Open, replace, postings, publish, and the merge that eight segments are enough for.
    const mergingTransaction = 5;
    let transactions = 0;
    let purged = 0;
    const interrupted = new Proxy(store.database, {
      get(target, name) {
        if (name !== 'transaction') return Reflect.get(target, name, target);
        const begin: Database['transaction'] = async (work) => {
          if (++transactions === mergingTransaction) purged = await purge(at, 'secret');
          return target.transaction(work);
        };
        return begin;
      },
    });
    const secret = makeDocument('secret', ['zanzibar 契約']);
    const { closed } = await buildIndex(createDocumentIndex(interrupted), at, [...documents, secret]);
    expect([transactions, purged]).toEqual([mergingTransaction, 1]);
    expect(await listTerms(at)).not.toContain('zanzibar');
    await expectState(index, { ...at, generation: closed.generation }, documents, '契約 zanzibar');
  });
});
