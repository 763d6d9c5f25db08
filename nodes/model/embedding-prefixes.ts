import type { EmbeddingModelValue } from '@kumiki/node-sdk';

type Prefixes = EmbeddingModelValue['prefixes'];

/**
 * What well-known embedding models were trained to see in front of a text, from their model cards. The first pattern
 * that fits the name counts, so that the narrower ones stand first.
 */
const knownPrefixes: readonly { readonly name: RegExp; readonly prefixes: Prefixes }[] = [
  // The instruct models of the e5 family want a task in words, which only the user knows.
  { name: /e5.*instruct/, prefixes: { query: '', document: '' } },
  { name: /(^|[^a-z0-9])e5([^a-z0-9]|$)/, prefixes: { query: 'query: ', document: 'passage: ' } },
  { name: /glucose-base-ja-v2/, prefixes: { query: 'query: ', document: 'passage: ' } },
  { name: /ruri-v3/, prefixes: { query: '検索クエリ: ', document: '検索文書: ' } },
  { name: /(^|[^a-z0-9])ruri([^a-z0-9]|$)/, prefixes: { query: 'クエリ: ', document: '文章: ' } },
  { name: /nomic-embed-text/, prefixes: { query: 'search_query: ', document: 'search_document: ' } },
  { name: /arctic-embed.*(2\.0|v2|2($|[^0-9]))/, prefixes: { query: 'query: ', document: '' } },
  {
    name: /arctic-embed|mxbai-embed-large/,
    prefixes: { query: 'Represent this sentence for searching relevant passages: ', document: '' },
  },
  {
    name: /embeddinggemma/,
    prefixes: { query: 'task: search result | query: ', document: 'title: none | text: ' },
  },
];

/** The prefixes that a model of this name wants; none where it is not known. */
export function findPrefixes(modelName: string): Prefixes {
  const name = modelName.toLowerCase();
  return knownPrefixes.find((known) => known.name.test(name))?.prefixes ?? { query: '', document: '' };
}
