import type {
  Chunk,
  Conversation,
  DocumentHead,
  EmbeddingModelValue,
  Example,
  IndexValue,
  Passage,
  ScoredPassage,
} from '@kumiki/node-sdk';

export const embeddingModelSample: EmbeddingModelValue = {
  host: 'embedded',
  name: 'multilingual-e5-small',
  digest: 'sha256:e5',
  dimensions: 3,
  maximumTokens: 512,
  prefixes: { query: 'query: ', document: 'passage: ' },
};

export const indexSample: IndexValue = {
  lineage: 'lineage',
  generation: 7,
  embeddingModel: embeddingModelSample,
  documents: 2,
  chunks: 3,
};

export function makeDocumentHead(id: string, parts: Partial<DocumentHead> = {}): DocumentHead {
  return { id, name: id, mediaType: 'text/plain', contentHash: `hash of ${id}`, metadata: {}, ...parts };
}

export function makeChunk(text: string, parts: Partial<Chunk> = {}): Chunk {
  return { ordinal: 0, text, start: 0, end: text.length, tokens: text.length, headings: [], page: null, ...parts };
}

export function makePassage(text: string, parts: Partial<Passage> = {}): Passage {
  return {
    documentId: 'load/faq.md',
    documentName: 'faq.md',
    ordinal: 0,
    text,
    start: 0,
    end: text.length,
    headings: [],
    page: null,
    metadata: {},
    scores: { cosine: null, bm25: null, ranking: 1 },
    ...parts,
  };
}

export function makeScoredPassage(chunkId: number, score: number, parts: Partial<ScoredPassage> = {}): ScoredPassage {
  const { scores: _, ...passage } = makePassage(`text ${chunkId}`);
  return { ...passage, chunkId, score, ...parts };
}

/** A conversation of `speaker: text`, where user, assistant and system count as roles too. `at` is of the first turn. */
export function makeConversation(
  id: string,
  lines: readonly string[],
  { at = null, minutes = 1, line = null }: { at?: string | null; minutes?: number; line?: number | null } = {},
): Conversation {
  const begin = at === null ? null : Date.parse(at);
  return {
    id,
    line,
    utterances: lines.map((entry, place) => {
      const [speaker = '', text = ''] = entry.split(/: (.*)/s, 2);
      const role = speaker === 'user' || speaker === 'assistant' || speaker === 'system' ? speaker : null;
      const time = begin === null ? null : new Date(begin + place * minutes * 60_000).toISOString();
      return { speaker: role === null ? speaker : '', role, text, at: time };
    }),
  };
}

export function makeExample(id: string, parts: Partial<Example> = {}): Example {
  return {
    id,
    documents: ['load/faq.md'],
    group: id,
    split: 'train',
    messages: [
      { role: 'user', content: `question ${id}` },
      { role: 'assistant', content: `answer ${id}` },
    ],
    trained: [1],
    passages: null,
    ...parts,
  };
}
