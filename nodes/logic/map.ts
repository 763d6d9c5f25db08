import type { JsonValue } from '@kumiki/flow';
import { defineNode, KumikiError, type NodeContext, type PortValue, port, reportError } from '@kumiki/node-sdk';
import { z } from 'zod';
import { namedFlowRule, namedFlowSettings, namedFlowTexts } from './named-flow.ts';

/** A request waits for all of them; what takes longer belongs into a data set. */
const mostItems = 1_000;

/**
 * Asks a flow once for every item of a list. The results keep the items' places: null where the flow's output was
 * skipped, or where the item failed and failures are skipped. Throws `map-not-a-list` and `map-list-too-long`.
 */
export const mapNode = defineNode({
  type: 'logic/map',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: { en: 'For each item', ja: '要素ごとに実行' },
  description: {
    en: 'Asks another flow once for every item of a list, several at the same time, and gives the answers in the order of the items.',
    ja: 'リストの要素ごとに別のフローを 1 回ずつ実行します。複数を同時に進め、結果は元の順に並べて渡します。',
  },
  settings: z.object({
    ...namedFlowSettings,
    item: z.string().max(64).default(''),
    atOnce: z.int().min(1).max(32).default(4),
    onError: z.enum(['fail', 'skip']).default('fail'),
  }),
  settingTexts: {
    ...namedFlowTexts,
    item: {
      title: { en: 'Input for the item', ja: '要素を受け取る入力' },
      description: {
        en: 'The input of the flow that gets one item. May stay empty where the flow has only one input.',
        ja: '要素を 1 つずつ受け取る、フロー側の入力の名前です。入力が 1 つだけなら空欄でかまいません。',
      },
    },
    atOnce: {
      title: { en: 'At the same time', ja: '同時に進める数' },
      widget: 'slider',
    },
    onError: {
      title: { en: 'When an item fails', ja: '要素が失敗したとき' },
      options: {
        fail: { en: 'stop with the error', ja: 'エラーで止める' },
        skip: { en: 'leave it out and go on', ja: '飛ばして続ける' },
      },
    },
  },
  headline: 'output',
  inputs: { items: port.json({ title: { en: 'items', ja: '要素のリスト' } }) },
  outputs: { results: port.json({ title: { en: 'results', ja: '結果のリスト' } }) },
  portRules: [{ ...namedFlowRule, item: 'item' }],
  async run({ settings, inputs, variables, context }) {
    return { results: await askForEach(readItems(inputs.items, context), { settings, variables, context }) };
  },
});

type Asking = {
  readonly settings: { readonly atOnce: number; readonly onError: 'fail' | 'skip' };
  readonly variables: Readonly<Record<string, PortValue>>;
  readonly context: NodeContext;
};

async function askForEach(items: readonly JsonValue[], asking: Asking): Promise<JsonValue[]> {
  const { settings, context } = asking;
  const results: JsonValue[] = items.map(() => null);
  const failure = new AbortController();
  const signal = AbortSignal.any([context.signal, failure.signal]);
  const left = items.entries();
  const work = async () => {
    // The workers share one iterator, so that each item is taken once.
    for (const [place, item] of left) {
      if (signal.aborted) return;
      try {
        results[place] = await askForItem(asking, place, item, signal);
      } catch (error) {
        failure.abort(error);
        return;
      }
    }
  };
  // All of them come to their end before the node does, so that nothing is told of an item afterwards.
  await Promise.all(Array.from({ length: Math.min(settings.atOnce, items.length) }, work));
  signal.throwIfAborted();
  return results;
}

async function askForItem(
  { settings, variables, context }: Asking,
  place: number,
  item: JsonValue,
  signal: AbortSignal,
): Promise<JsonValue> {
  try {
    const answer = await context.askFlow({ place, item, inputs: variables, signal });
    return answer === null ? null : answer.value;
  } catch (error) {
    if (settings.onError === 'fail' || signal.aborted) throw error;
    const { message } = reportError(error);
    context.warn({
      code: 'map-item-skipped',
      message: {
        en: `Item ${place + 1} was left out. ${message.en}`,
        ja: `${place + 1} 番目の要素を飛ばしました。${message.ja}`,
      },
    });
    return null;
  }
}

function readItems(value: JsonValue, { node }: NodeContext): readonly JsonValue[] {
  if (!Array.isArray(value)) {
    throw new KumikiError({
      code: 'map-not-a-list',
      message: {
        en: `“${node}” wants a list, and got one value. Connect something that gives a JSON list.`,
        ja: `「${node}」にはリストが必要ですが、1 つの値が届きました。JSON のリストを出す部品をつないでください。`,
      },
      status: 422,
      node,
    });
  }
  if (value.length > mostItems) {
    throw new KumikiError({
      code: 'map-list-too-long',
      message: {
        en: `“${node}” got ${value.length} items; at most ${mostItems} are done for one question. Send fewer at a time.`,
        ja: `「${node}」に ${value.length} 個の要素が届きました。1 回の質問で扱えるのは ${mostItems} 個までです。分けて送ってください。`,
      },
      status: 422,
      node,
    });
  }
  return value;
}
