import type { DocumentIndex, ModelAccess, NodeType, Passage, PortValue } from '@kumiki/node-sdk';
import { createFakeContext } from './fake-context.ts';
import { runNode } from './run-node.ts';
import { indexSample, makeScoredPassage } from './samples.ts';

const found = [makeScoredPassage(1, 0.9), makeScoredPassage(2, 0.8), makeScoredPassage(3, 0.7)];

/** The best by meaning is worst by words, and the other way round; the middle one is good at both. */
export const searchCandidates = [
  { ...makeScoredPassage(1, 0), cosine: 0.9, bm25: 0 },
  { ...makeScoredPassage(2, 0), cosine: 0.88, bm25: 9 },
  { ...makeScoredPassage(3, 0), cosine: 0.7, bm25: 10 },
];

/** The generation of `indexSample`, as a search names it. */
export const pinned = { workspace: 'workshop', lineage: 'lineage', generation: 7 };

/** An index and a model that answer always the same, and write down what they were asked. */
export function createFakeSearch(parts: Partial<DocumentIndex> = {}) {
  const asked: unknown[] = [];
  const embedded: unknown[] = [];
  const embed: ModelAccess['embed'] = async (model, texts, purpose) => {
    embedded.push({ model: model.name, texts, purpose });
    return texts.map(() => Float32Array.of(1, 0, 0));
  };
  const index: Partial<DocumentIndex> = {
    searchDense: async (at, query) => {
      asked.push({ at, ...query });
      return found;
    },
    searchLexical: async (at, query) => {
      asked.push({ at, ...query });
      return found;
    },
    searchBoth: async (at, query) => {
      asked.push({ at, ...query });
      return searchCandidates;
    },
    ...parts,
  };
  return { context: createFakeContext({ models: { embed }, index }), asked, embedded };
}

export const emptySearch = {
  searchDense: async () => [],
  searchLexical: async () => [],
  searchBoth: async () => [],
} satisfies Partial<DocumentIndex>;

/** Runs a retriever on `indexSample`. */
export async function searchWith(
  nodeType: NodeType,
  settings: Readonly<Record<string, unknown>> = {},
  query = '料金は？',
  { context } = createFakeSearch(),
): Promise<readonly Passage[] | undefined> {
  const { passages } = await runNode(nodeType, { settings, inputs: { index: indexSample, query }, context });
  return asPassages(passages);
}

/** The port's kind says what travels on it; a test takes it for that, as the next node would. */
const asPassages = (value: PortValue | undefined) => value as readonly Passage[] | undefined;

export const textsOf = (passages: readonly Passage[] | undefined) => passages?.map(({ text }) => text);
