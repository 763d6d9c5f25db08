import { defineNode, port } from '@kumiki/node-sdk';
import { z } from 'zod';
import { embedQuery } from './embed-query.ts';
import { limitSetting, minimumCosineSetting, perDocumentSetting, retrieveSettingTexts } from './retrieve-settings.ts';
import { isBelow, normaliseQuery, selectPassages, toPassage } from './select-passages.ts';

/** The passages whose meaning is nearest to the question's, by cosine. */
export const denseSearch = defineNode({
  type: 'retrieve/dense',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: { en: 'Search by meaning', ja: '意味検索' },
  description: {
    en: 'Finds passages that are close to the question in meaning, even where the words differ.',
    ja: '言い回しが違っていても、質問と意味の近い抜粋を探します。',
  },
  settings: z.object({
    limit: limitSetting,
    minimumCosine: minimumCosineSetting,
    perDocument: perDocumentSetting,
  }),
  settingTexts: retrieveSettingTexts,
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
    const { index } = inputs;
    const vector = await embedQuery(index, text, context);
    const found = await context.index.searchDense(
      { workspace: context.workspace, lineage: index.lineage, generation: index.generation },
      // More than the limit, since some may be dropped as too many of one document.
      { vector, limit: settings.perDocument === 0 ? settings.limit : settings.limit * 4 },
      context.signal,
    );
    const scores = found.map(({ score }) => score);
    if (isBelow(scores, settings.minimumCosine)) return {};
    const passages = found.map((passage) =>
      toPassage(passage, { cosine: passage.score, bm25: null, ranking: passage.score }),
    );
    return { passages: selectPassages(passages, settings) };
  },
});
