import { type Chunk, type Conversation, defineNode, type NodeContext, port, type Stream } from '@kumiki/node-sdk';
import { z } from 'zod';
import type { CountTokens } from './chunk-document.ts';
import { chunkTranscript, type WindowSettings } from './chunk-transcript.ts';
import { chooseCounter, fitSize } from './fit-size.ts';
import { renderTranscript } from './render-transcript.ts';

const settings = z.object({
  size: z.int().min(32).max(8_192).default(400),
  turns: z.int().min(1).max(200).default(12),
  overlap: z.int().min(0).max(50).default(2),
  gapMinutes: z.int().min(0).max(525_600).default(240),
});

/**
 * Conversations in, chunks out: windows of turns with who spoke and when, none over a long silence. Offsets are those of
 * the document's transcript, which `renderTranscript` writes.
 */
export const chunkConversation = defineNode({
  type: 'chunk/conversation',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  perDocument: true,
  title: { en: 'Chunk conversations', ja: '会話を断片に分割' },
  description: {
    en: 'Cuts conversations into chunks of some turns each, with speaker and time, so that what was said before is found again.',
    ja: '会話を数ターンずつの断片に分けます。話者と時刻を残すので、過去のやり取りを探せるようになります。',
  },
  settings,
  settingTexts: {
    size: {
      title: { en: 'Maximum tokens', ja: '最大トークン数' },
      description: {
        en: 'The longest chunk. A turn that alone is longer is cut along its sentences.',
        ja: '断片 1 つの長さの上限です。これより長い発言は、文の切れ目で分けます。',
      },
    },
    turns: {
      title: { en: 'Maximum turns', ja: '最大ターン数' },
      description: {
        en: 'The most turns of a chunk. Fewer are found more exactly, more show better what was answered to what.',
        ja: '断片 1 つに入れる発言の上限です。少ないほど的確に見つかり、多いほど質問と回答のつながりが残ります。',
      },
    },
    overlap: {
      title: { en: 'Overlap (turns)', ja: '重なり（ターン数）' },
      description: {
        en: 'How many turns a chunk repeats from the end of the one before it.',
        ja: '前の断片の終わりから繰り返す発言の数です。',
      },
      advanced: true,
    },
    gapMinutes: {
      title: { en: 'New session after (minutes)', ja: '会話を区切る間隔（分）' },
      description: {
        en: 'Where nobody says anything for longer, a chunk ends. 0 never cuts.',
        ja: '発言がこの時間より長く途切れたら、断片を区切ります。0 にすると区切りません。',
      },
    },
  },
  headline: 'turns',
  inputs: { conversations: port.conversations(), model: port.embeddingModel({ required: false }) },
  outputs: { chunks: port.chunks() },
  resources: ['cpu'],
  async run({ settings: { gapMinutes, turns, overlap, size }, inputs: { conversations, model }, context }) {
    const window = { turns, overlap, size: fitSize(size, model, context) };
    return {
      chunks: chunkStream(conversations, { window, gapMinutes, countTokens: chooseCounter(model, context), context }),
    };
  },
});

async function* chunkStream(
  conversations: Stream<Conversation>,
  job: {
    readonly window: WindowSettings;
    readonly gapMinutes: number;
    readonly countTokens: CountTokens;
    readonly context: NodeContext;
  },
): Stream<Chunk> {
  const { window, gapMinutes, countTokens, context } = job;
  let done = 0;
  for await (const element of conversations) {
    context.signal.throwIfAborted();
    if ('error' in element) {
      yield element;
      continue;
    }
    const items = await chunkTranscript(renderTranscript(element.items, gapMinutes), window, countTokens);
    done += items.length;
    context.progress({ done, total: null, unit: 'chunks' });
    yield { document: element.document, items };
  }
}
