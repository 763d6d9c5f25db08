import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IndexValue, NodeContext, NodeType, Passage } from '@kumiki/node-sdk';
import { denseSearch, hybridSearch, lexicalSearch } from '@kumiki/nodes';
import { createDocumentIndex, openStore } from '@kumiki/store';
import { MemoryServices } from '@kumiki/testkit';
import type { Bench, BenchRow } from './bench.ts';
import { type JaquadArticle, readJaquadDev } from './jaquad.ts';
import { indexArticles, keepVectors, openEmbeddingHost } from './jaquad-index.ts';
import { asKind, runNode, silentContext } from './run-node.ts';

/** How well a search finds: the share of questions whose passage is among the first five, and the mean of 1 ÷ its rank. */
type Quality = { readonly recallAt5: number; readonly meanReciprocalRankAt10: number };

const limit = 10;

/**
 * JaQuAD's development set, all passages and all questions, through the very node types that a flow is drawn from, with
 * their settings as they are by default. An article is a document, its passages are the chunks.
 */
export const qualityBench: Bench = {
  name: 'quality',
  async run(log) {
    const folder = await mkdtemp(path.join(tmpdir(), 'kumiki-quality-'));
    const host = await keepVectors(await openEmbeddingHost({ lanes: 1 }));
    const store = await openStore({ dataFolder: folder });
    try {
      const signal = new AbortController().signal;
      const services = new MemoryServices({ host }).bind({ signal });
      const context: NodeContext = {
        ...services,
        ...silentContext,
        signal,
        index: createDocumentIndex(store.database),
      };
      const articles = await readJaquadDev();
      const index = await indexArticles(articles, context);
      log(`${index.chunks} passages of ${index.documents} articles are in the index`);
      const measure = async (nodeType: NodeType): Promise<Quality> => {
        const quality = await measureSearch(nodeType, { articles, index, context });
        log(`${nodeType.description.type}: MRR@10 ${quality.meanReciprocalRankAt10.toFixed(4)}`);
        return quality;
      };
      const lexical = await measure(lexicalSearch);
      const dense = await measure(denseSearch);
      const hybrid = await measure(hybridSearch);
      return makeRows({ lexical, dense, hybrid });
    } finally {
      await store.close();
      await host.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function makeRows({ lexical, dense, hybrid }: Record<'lexical' | 'dense' | 'hybrid', Quality>): readonly BenchRow[] {
  const singleRecall = Math.max(lexical.recallAt5, dense.recallAt5);
  const singleRank = Math.max(lexical.meanReciprocalRankAt10, dense.meanReciprocalRankAt10);
  return [
    makeRow('recall@5 lexical', lexical.recallAt5, 0.97),
    makeRow('recall@5 dense', dense.recallAt5, 0.92),
    makeRow('recall@5 hybrid', hybrid.recallAt5, 0.98, singleRecall),
    makeRow('MRR@10 hybrid', hybrid.meanReciprocalRankAt10, 0.905, singleRank),
  ];
}

function makeRow(figure: string, value: number, target: number, single?: number): BenchRow {
  return {
    figure,
    value,
    unit: '',
    yardstick: single === undefined ? null : { name: 'the better of the two alone', value: single },
    ratio: single === undefined ? null : value / single,
    target: `>= ${target}`,
    met: value >= target,
  };
}

async function measureSearch(
  nodeType: NodeType,
  given: { readonly articles: readonly JaquadArticle[]; readonly index: IndexValue; readonly context: NodeContext },
): Promise<Quality> {
  const { articles, index, context } = given;
  const ranks: number[] = [];
  for (const [place, { passages }] of articles.entries()) {
    for (const [ordinal, { questions }] of passages.entries()) {
      for (const { text: query } of questions) {
        const outputs = await runNode(nodeType, { settings: { limit }, inputs: { index, query }, context });
        const found = asKind<'passages'>(outputs.passages ?? []);
        ranks.push(1 + found.findIndex((passage) => isFrom(passage, `article ${place}`, ordinal)));
      }
    }
  }
  const share = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / ranks.length;
  return {
    recallAt5: share(ranks.map((rank) => (rank >= 1 && rank <= 5 ? 1 : 0))),
    meanReciprocalRankAt10: share(ranks.map((rank) => (rank >= 1 ? 1 / rank : 0))),
  };
}

function isFrom(passage: Passage, documentId: string, ordinal: number): boolean {
  return passage.documentId === documentId && passage.ordinal === ordinal;
}
