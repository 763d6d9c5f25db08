import type { LocalisedText } from './node-type-description.ts';
import type { PortKind } from './port-kinds.ts';

/** What a port kind is called in sentences and in the editor's legend. */
const names: Readonly<Record<PortKind, LocalisedText>> = {
  text: { en: 'text', ja: 'テキスト' },
  number: { en: 'a number', ja: '数値' },
  boolean: { en: 'true/false', ja: '真偽' },
  json: { en: 'JSON', ja: 'JSON' },
  file: { en: 'a file', ja: 'ファイル' },
  messages: { en: 'messages', ja: '会話文' },
  'prompt-template': { en: 'a template', ja: 'ひな形' },
  conversations: { en: 'conversations', ja: '会話' },
  documents: { en: 'documents', ja: '文書' },
  chunks: { en: 'chunks', ja: '断片' },
  vectors: { en: 'vectors', ja: 'ベクトル' },
  passages: { en: 'passages', ja: '抜粋' },
  index: { en: 'an index', ja: '索引' },
  'chat-model': { en: 'a chat model', ja: '対話モデル' },
  'embedding-model': { en: 'an embedding model', ja: '埋め込みモデル' },
  'rerank-model': { en: 'a rerank model', ja: '並べ替えモデル' },
  dataset: { en: 'a data set', ja: '教材' },
};

export function nameKind(kind: PortKind): LocalisedText {
  return names[kind];
}

/** `text or JSON`, `テキストかJSON`. */
export function nameKinds(kinds: readonly PortKind[]): LocalisedText {
  return {
    en: kinds.map((kind) => names[kind].en).join(' or '),
    ja: kinds.map((kind) => names[kind].ja).join('か'),
  };
}
