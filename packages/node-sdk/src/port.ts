import type { LocalisedText, PortKind } from '@kumiki/flow';

/** A typed port. Whether it is an input or an output is said by where it stands in the definition. */
export type Port<
  Kind extends PortKind = PortKind,
  Required extends boolean = boolean,
  AcceptsSkipped extends boolean = boolean,
> = {
  readonly kinds: readonly Kind[];
  readonly required: Required;
  readonly acceptsSkipped: AcceptsSkipped;
  readonly static: boolean;
  readonly title: LocalisedText;
};

export type PortOptions<Required extends boolean, AcceptsSkipped extends boolean> = {
  readonly title?: LocalisedText;
  readonly required?: Required;
  /** Inputs only: the node runs also when this value was skipped, and finds `undefined` there. */
  readonly acceptsSkipped?: AcceptsSkipped;
  /** Outputs only: depends on settings alone, so build-time even on a request-time node. */
  readonly static?: boolean;
};

const kindTitles: Readonly<Record<PortKind, LocalisedText>> = {
  text: { en: 'text', ja: 'テキスト' },
  number: { en: 'number', ja: '数値' },
  boolean: { en: 'true/false', ja: '真偽' },
  json: { en: 'JSON', ja: 'JSON' },
  file: { en: 'file', ja: 'ファイル' },
  messages: { en: 'messages', ja: '会話文' },
  'prompt-template': { en: 'template', ja: 'ひな形' },
  conversations: { en: 'conversations', ja: '会話' },
  documents: { en: 'documents', ja: '文書' },
  chunks: { en: 'chunks', ja: '断片' },
  vectors: { en: 'vectors', ja: 'ベクトル' },
  passages: { en: 'passages', ja: '抜粋' },
  index: { en: 'index', ja: '索引' },
  'chat-model': { en: 'model', ja: 'モデル' },
  'embedding-model': { en: 'model', ja: 'モデル' },
  'rerank-model': { en: 'model', ja: 'モデル' },
  dataset: { en: 'data set', ja: '教材' },
};

// `NoInfer`: whether a port is required is said by its options alone, never by the place where the port is written.
function definePort<Kind extends PortKind>(kind: Kind) {
  return <Required extends boolean = true, AcceptsSkipped extends boolean = false>(
    options: PortOptions<Required, AcceptsSkipped> = {},
  ): Port<Kind, NoInfer<Required>, NoInfer<AcceptsSkipped>> => makePort([kind], options);
}

function makePort<Kind extends PortKind, Required extends boolean = true, AcceptsSkipped extends boolean = false>(
  kinds: readonly [Kind, ...Kind[]],
  options: PortOptions<Required, AcceptsSkipped> = {},
): Port<Kind, NoInfer<Required>, NoInfer<AcceptsSkipped>> {
  return {
    kinds,
    // The only way to another type than the default's is to pass a value of it, so the defaults have their types.
    required: options.required ?? (true as Required),
    acceptsSkipped: options.acceptsSkipped ?? (false as AcceptsSkipped),
    static: options.static ?? false,
    title: options.title ?? kindTitles[kinds[0]],
  };
}

/** Builds typed ports: `port.text()`, `port.index({ required: false })`, `port.oneOf(['text', 'json'])`. */
export const port = {
  text: definePort('text'),
  number: definePort('number'),
  boolean: definePort('boolean'),
  json: definePort('json'),
  file: definePort('file'),
  messages: definePort('messages'),
  promptTemplate: definePort('prompt-template'),
  conversations: definePort('conversations'),
  dataset: definePort('dataset'),
  documents: definePort('documents'),
  chunks: definePort('chunks'),
  vectors: definePort('vectors'),
  passages: definePort('passages'),
  index: definePort('index'),
  chatModel: definePort('chat-model'),
  embeddingModel: definePort('embedding-model'),
  oneOf: makePort,
} as const;
