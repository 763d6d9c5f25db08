import { multilingualE5Small } from '@kumiki/models';
import type { IndexValue, ModelHost, NodeContext } from '@kumiki/node-sdk';
import { hybridSearch } from '@kumiki/nodes';
import { createDocumentIndex, openStore } from '@kumiki/store';
import { MemoryServices } from '@kumiki/testkit';
import { type BenchRow, median } from './bench.ts';
import type { JaquadArticle } from './jaquad.ts';
import { indexArticles, keepVectors } from './jaquad-index.ts';
import { openPlainDatabase, type PlainDatabase } from './plain-database.ts';
import { asKind, runNode, silentContext } from './run-node.ts';

const warmQuestions = 10;
const candidates = 50;

type Given = {
  readonly kind: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly articles: readonly JaquadArticle[];
  readonly questions: readonly string[];
  readonly host: ModelHost;
  readonly log: (line: string) => void;
};

/**
 * A question through the node, and the same by hand: the vector of the question, the nearest chunks with their texts,
 * and the postings of its bigrams. By hand nothing is scored nor fused.
 */
export async function measureHybrid({
  kind,
  folder,
  environment,
  articles,
  questions,
  host,
  log,
}: Given): Promise<BenchRow> {
  const { DATABASE_URL: databaseUrl } = environment;
  const store = await openStore(databaseUrl === undefined ? { dataFolder: folder } : { databaseUrl });
  const plain = openPlainDatabase(store);
  try {
    const { signal } = new AbortController();
    const index = createDocumentIndex(store.database);
    const makeContext = (answering: ModelHost): NodeContext => ({
      ...new MemoryServices({ host: answering }).bind({ signal }),
      ...silentContext,
      signal,
      index,
    });
    const built = await indexArticles(articles, makeContext(await keepVectors(host)));
    const context = makeContext(host);
    const times: Record<'kumiki' | 'hand', number[]> = { kumiki: [], hand: [] };
    for (const [place, question] of questions.entries()) {
      const ways = {
        kumiki: () => searchByNode(built, question, context),
        hand: () => searchByHand(plain, host, question, signal),
      };
      // Whoever is second finds the database's pages in memory, so they take turns.
      for (const way of place % 2 === 0 ? (['kumiki', 'hand'] as const) : (['hand', 'kumiki'] as const)) {
        const began = performance.now();
        await ways[way]();
        if (place >= warmQuestions) times[way].push(performance.now() - began);
      }
    }
    const kumiki = median(times.kumiki);
    const hand = median(times.hand);
    log(`${kind}: ${kumiki.toFixed(1)} ms, by hand ${hand.toFixed(1)} ms`);
    return {
      figure: `hybrid query, p50, ${built.chunks} chunks, ${kind}`,
      value: kumiki,
      unit: 'ms',
      yardstick: { name: 'SQL and query embedding by hand', value: hand },
      ratio: kumiki / hand,
      target: 'ratio <= 1.5',
      met: kumiki / hand <= 1.5,
    };
  } finally {
    await plain.close();
    await store.close();
  }
}

async function searchByNode(index: IndexValue, query: string, context: NodeContext): Promise<void> {
  const { passages } = await runNode(hybridSearch, { inputs: { index, query }, context });
  if (asKind<'passages'>(passages).length === 0) throw new Error(`Nothing was found for ${query}`);
}

async function searchByHand(
  plain: PlainDatabase,
  host: ModelHost,
  question: string,
  signal: AbortSignal,
): Promise<void> {
  const text = question.normalize('NFKC').trim();
  const prefix = multilingualE5Small.embedding?.prefixes.query ?? '';
  const { vectors } = await host.embed({ model: multilingualE5Small.name, texts: [prefix + text] }, signal);
  const bigrams = new Set(Array.from(text.slice(1), (second, place) => `${text[place]}${second}`));
  await Promise.all([
    plain.query(
      `select chunk.text, document.name, nearest.distance
       from (select lineage_id, chunk_id, embedding <=> $1::vector as distance from index_vectors
         order by embedding <=> $1::vector limit ${candidates}) nearest
       join index_chunks chunk using (lineage_id, chunk_id)
       join index_documents document on document.id = chunk.document`,
      [`[${(vectors[0] ?? new Float32Array()).join(',')}]`],
    ),
    plain.query(
      'select term, chunks, packed from lexical_postings where segment_id in (select id from lexical_segments) and term = any($1::text[])',
      [[...bigrams]],
    ),
  ]);
}
