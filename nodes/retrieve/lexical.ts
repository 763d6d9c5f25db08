import { defineNode, port } from '@kumiki/node-sdk';
import { z } from 'zod';
import { limitSetting, perDocumentSetting, retrieveSettingTexts } from './retrieve-settings.ts';
import { isBelow, normaliseQuery, selectPassages, toPassage } from './select-passages.ts';

/** The passages that share most and rarest words with the question, by BM25. */
export const lexicalSearch = defineNode({
  type: 'retrieve/lexical',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: { en: 'Search by words', ja: '語句検索' },
  description: {
    en: 'Finds passages that contain the words of the question. Strong with names, numbers and codes.',
    ja: '質問に含まれる語句が出てくる抜粋を探します。名前や型番、数字に強い方法です。',
  },
  settings: z.object({
    limit: limitSetting,
    minimumBm25: z.number().min(0).max(1000).default(0),
    perDocument: perDocumentSetting,
  }),
  settingTexts: {
    limit: retrieveSettingTexts.limit,
    minimumBm25: {
      title: { en: 'Minimum score (BM25)', ja: '最低スコア（BM25）' },
      description: {
        en: 'Where even the best passage scores less, none is handed on, and the arm says that it does not know. 0 switches it off. The score grows with the number of words in the question.',
        ja: '最も良い抜粋でもこの値に届かないときは、抜粋を渡さず、案は「分からない」と答えます。0 にすると使いません。スコアは質問の語数が多いほど大きくなります。',
      },
    },
    perDocument: retrieveSettingTexts.perDocument,
  },
  headline: 'limit',
  inputs: {
    index: port.index(),
    query: port.text({ title: { en: 'question', ja: '質問' } }),
  },
  outputs: { passages: port.passages() },
  resources: ['database'],
  async run({ settings, inputs, context }) {
    const text = normaliseQuery(inputs.query);
    if (text === '') return {};
    const { lineage, generation } = inputs.index;
    const found = await context.index.searchLexical(
      { workspace: context.workspace, lineage, generation },
      { text, limit: settings.perDocument === 0 ? settings.limit : settings.limit * 4 },
      context.signal,
    );
    const scores = found.map(({ score }) => score);
    if (isBelow(scores, settings.minimumBm25)) return {};
    const passages = found.map((passage) =>
      toPassage(passage, { cosine: null, bm25: passage.score, ranking: passage.score }),
    );
    return { passages: selectPassages(passages, settings) };
  },
});
