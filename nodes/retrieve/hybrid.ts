import { defineNode, port } from '@kumiki/node-sdk';
import { z } from 'zod';
import { embedQuery } from './embed-query.ts';
import { fuseByRanks, fuseByScores } from './fuse-scores.ts';
import { limitSetting, minimumCosineSetting, perDocumentSetting, retrieveSettingTexts } from './retrieve-settings.ts';
import { isBelow, normaliseQuery, selectPassages, toPassage } from './select-passages.ts';

/** Search by meaning and by words at once, fused into one ranking. */
export const hybridSearch = defineNode({
  type: 'retrieve/hybrid',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: { en: 'Hybrid search', ja: 'ハイブリッド検索' },
  description: {
    en: 'Searches by meaning and by words at once and ranks by both. A good choice when in doubt.',
    ja: '意味と語句の両方で探し、あわせて順位を付けます。迷ったときはこれが無難です。',
  },
  settings: z.object({
    limit: limitSetting,
    minimumCosine: minimumCosineSetting,
    fusion: z.enum(['scores', 'rrf']).default('scores'),
    weight: z.number().min(0).max(1).default(0.5),
    candidates: z.int().min(1).max(1000).default(50),
    perDocument: perDocumentSetting,
  }),
  settingTexts: {
    ...retrieveSettingTexts,
    fusion: {
      title: { en: 'Ranking', ja: '順位の付け方' },
      description: {
        en: 'Scores keep how much better one passage is than the next; ranks (RRF) only count places.',
        ja: 'スコアを使うと、どれだけよく合ったかの差が順位に残ります。順位（RRF）では、何番目かだけを使います。',
      },
      options: { scores: { en: 'By scores', ja: 'スコア' }, rrf: { en: 'By ranks (RRF)', ja: '順位（RRF）' } },
      advanced: true,
    },
    weight: {
      title: { en: 'Weight of meaning', ja: '意味の重み' },
      description: { en: '1 is meaning alone, 0 is words alone.', ja: '1 で意味だけ、0 で語句だけになります。' },
      widget: 'slider',
    },
    candidates: {
      title: { en: 'Candidates per search', ja: '候補の数' },
      description: {
        en: 'How many passages each of the two searches brings into the ranking.',
        ja: '意味と語句のそれぞれの検索から、順位付けに加える抜粋の数です。',
      },
      advanced: true,
    },
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
    const { index } = inputs;
    const vector = await embedQuery(index, text, context);
    const found = await context.index.searchBoth(
      { workspace: context.workspace, lineage: index.lineage, generation: index.generation },
      { text, vector, candidates: Math.max(settings.candidates, settings.limit) },
      context.signal,
    );
    if (
      isBelow(
        found.map(({ cosine }) => cosine),
        settings.minimumCosine,
      )
    )
      return {};
    const fuse = settings.fusion === 'scores' ? fuseByScores : fuseByRanks;
    const rankings = fuse(found, settings.weight);
    const passages = found
      .map(({ cosine, bm25, ...passage }, place) => toPassage(passage, { cosine, bm25, ranking: rankings[place] ?? 0 }))
      .sort((one, other) => other.scores.ranking - one.scores.ranking);
    return { passages: selectPassages(passages, settings) };
  },
});
