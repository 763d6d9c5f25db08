import {
  type Chunk,
  type Document,
  defineNode,
  type EmbeddingModelValue,
  type NodeContext,
  port,
  type Stream,
} from '@kumiki/node-sdk';
import { z } from 'zod';
import { chunkDocument } from './chunk-document.ts';
import { chooseCounter, fitSize } from './fit-size.ts';

const settings = z.object({
  size: z.int().min(32).max(8192).default(400),
  overlap: z.int().min(0).max(2048).default(40),
});

type Settings = z.output<typeof settings>;

/**
 * Documents in, chunks out: along headings, then paragraphs, then sentences, and only where a sentence alone is too long
 * within it. Tokens are those of the embedding model where one is wired, else they are estimated from the characters.
 */
export const chunkRecursive = defineNode({
  type: 'chunk/recursive',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  perDocument: true,
  title: { en: 'Chunk', ja: '断片に分割' },
  description: {
    en: 'Cuts documents into chunks along headings, paragraphs and sentences, Japanese ones included.',
    ja: '見出し、段落、文の切れ目で文書を断片に分けます。日本語の文の区切りにも対応しています。',
  },
  settings,
  settingTexts: {
    size: {
      title: { en: 'Maximum tokens', ja: '最大トークン数' },
      description: {
        en: 'The longest chunk. Smaller ones are found more exactly, larger ones carry more context. 400 tokens are about 600 Japanese characters.',
        ja: '断片 1 つの長さの上限です。小さいほど的確に見つかり、大きいほど前後の文脈が残ります。400 トークンは日本語でおよそ 600 文字です。',
      },
    },
    overlap: {
      title: { en: 'Overlap', ja: '重なり' },
      description: {
        en: 'Tokens of whole sentences that a chunk repeats from the end of the one before it.',
        ja: '前の断片の終わりから、文単位で繰り返すトークン数です。',
      },
      advanced: true,
    },
  },
  headline: 'size',
  inputs: { documents: port.documents(), model: port.embeddingModel({ required: false }) },
  outputs: { chunks: port.chunks() },
  resources: ['cpu'],
  async run({ settings, inputs: { documents, model }, context }) {
    return {
      chunks: chunkStream(
        documents,
        { size: fitSize(settings.size, model, context), overlap: settings.overlap },
        model,
        context,
      ),
    };
  },
});

async function* chunkStream(
  documents: Stream<Document>,
  settings: Settings,
  model: EmbeddingModelValue | undefined,
  context: NodeContext,
): Stream<Chunk> {
  const countTokens = chooseCounter(model, context);
  let done = 0;
  for await (const element of documents) {
    context.signal.throwIfAborted();
    if ('error' in element) {
      yield element;
      continue;
    }
    const items: Chunk[] = [];
    for (const document of element.items) {
      for (const chunk of await chunkDocument(document, settings, countTokens)) {
        items.push({ ...chunk, ordinal: items.length });
      }
    }
    done += items.length;
    context.progress({ done, total: null, unit: 'chunks' });
    yield { document: element.document, items };
  }
}
