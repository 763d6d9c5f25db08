import { createHash } from 'node:crypto';
import { multilingualE5Small } from '@kumiki/models';
import type { DocumentIndex, EmbeddedChunk, EmbeddingModelValue, IndexSnapshot } from '@kumiki/node-sdk';
import { createDocumentIndex, openStore } from '@kumiki/store';
import { createRandom, makeUnitVector } from '../random.ts';
import { type BenchRow, quantile } from './bench.ts';
import type { JaquadArticle } from './jaquad.ts';
import { openPlainDatabase } from './plain-database.ts';
import { varyPassages } from './varied-chunks.ts';

const chunks = 100_000;
const chunksPerDocument = 100;
const warmQuestions = 20;
const slowest = 100;

type Given = {
  readonly databaseUrl: string;
  readonly articles: readonly JaquadArticle[];
  readonly questions: readonly string[];
  readonly log: (line: string) => void;
};

/** Searches by words alone among many chunks. Their vectors point anywhere: nobody asks for them here. */
export async function measureLexical({ databaseUrl, articles, questions, log }: Given): Promise<readonly BenchRow[]> {
  const store = await openStore({ databaseUrl });
  const plain = openPlainDatabase(store);
  try {
    const { signal } = new AbortController();
    const index = createDocumentIndex(store.database);
    const began = performance.now();
    const at = await fillIndex(index, articles, signal, log);
    const fillSeconds = (performance.now() - began) / 1000;
    const times: Record<'kumiki' | 'hand', number[]> = { kumiki: [], hand: [] };
    for (const [place, text] of questions.entries()) {
      const ways = {
        kumiki: async () => {
          const found = await index.searchLexical(at, { text, limit: 10 }, signal);
          if (found.length === 0) throw new Error(`Nothing was found for ${text}`);
        },
        hand: () =>
          plain.query(
            'select term, chunks, packed from lexical_postings where segment_id in (select id from lexical_segments) and term = any($1::text[])',
            [[...new Set(Array.from(text.slice(1), (second, before) => `${text[before]}${second}`))]],
          ),
      };
      for (const way of place % 2 === 0 ? (['kumiki', 'hand'] as const) : (['hand', 'kumiki'] as const)) {
        const asked = performance.now();
        await ways[way]();
        if (place >= warmQuestions) times[way].push(performance.now() - asked);
      }
    }
    log(`lexical p95 ${quantile(times.kumiki, 0.95).toFixed(0)} ms`);
    return makeRows(times, fillSeconds);
  } finally {
    await plain.close();
    await store.close();
  }
}

function makeRows(times: Record<'kumiki' | 'hand', readonly number[]>, fillSeconds: number): readonly BenchRow[] {
  const value = quantile(times.kumiki, 0.5);
  const hand = quantile(times.hand, 0.5);
  return [
    {
      figure: `lexical query, p50, ${chunks} chunks, postgres`,
      value,
      unit: 'ms',
      yardstick: { name: 'reading the postings of its bigrams by hand', value: hand },
      ratio: value / hand,
      target: `<= ${slowest} ms`,
      met: value <= slowest,
    },
    {
      figure: `filling that index, without embedding`,
      value: chunks / fillSeconds,
      unit: 'chunks/s',
      yardstick: null,
      ratio: null,
      target: 'none',
      met: true,
    },
  ];
}

async function fillIndex(
  index: DocumentIndex,
  articles: readonly JaquadArticle[],
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<IndexSnapshot> {
  const owner = 'bench';
  const location = { workspace: 'default', lineage: 'varied' };
  const opened = await index.openGeneration(location, { owner, embeddingModel: model, manifest: null }, signal);
  const at = { ...location, generation: opened.generation };
  const random = createRandom(1);
  let items: EmbeddedChunk[] = [];
  let documents = 0;
  for (const text of varyPassages(articles, chunks)) {
    items.push({
      ordinal: items.length,
      text,
      start: 0,
      end: text.length,
      tokens: text.length,
      headings: [],
      page: null,
      vector: makeUnitVector(model.dimensions, random),
    });
    if (items.length < chunksPerDocument) continue;
    const name = `${documents}.txt`;
    const contentHash = createHash('sha256').update(name).digest('hex');
    const document = { id: name, name, mediaType: 'text/plain', contentHash, metadata: {} };
    await index.replaceDocuments(at, owner, [{ document, items }], signal);
    items = [];
    documents += 1;
    if (documents % 200 === 0) log(`${documents * chunksPerDocument} chunks are in the index`);
  }
  const { generation } = await index.closeGeneration(at, owner, signal);
  return { ...location, generation };
}

const model: EmbeddingModelValue = {
  host: 'embedded',
  name: multilingualE5Small.name,
  digest: `sha256:${multilingualE5Small.sha256}`,
  dimensions: multilingualE5Small.embedding?.dimensions ?? 0,
  maximumTokens: multilingualE5Small.contextLength,
  prefixes: multilingualE5Small.embedding?.prefixes ?? { query: '', document: '' },
};
