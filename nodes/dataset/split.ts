import { defineArtifact, type Example, KumikiError, port } from '@kumiki/node-sdk';
import { z } from 'zod';
import { DataSetReport } from './data-set-report.ts';
import { findings } from './findings.ts';
import { splitExamples } from './split-examples.ts';
import { evaluationSettings, evaluationSettingTexts } from './split-settings.ts';

/** The same examples, parted anew into those that are learnt and those that are measured on. */
export const splitDataSet = defineArtifact({
  type: 'dataset/split',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: { en: 'Split data set', ja: '教材を分ける' },
  description: {
    en: 'Sets a part of the examples aside to measure on, whole conversations at a time, whatever the split was before.',
    ja: '例の一部を評価用に取り分けます。前の分け方にかかわらず、会話ごとに分け直します。',
  },
  settings: z.object(evaluationSettings),
  settingTexts: evaluationSettingTexts,
  headline: 'evaluationShare',
  inputs: { dataset: port.dataset() },
  outputs: { dataset: port.dataset() },
  resources: ['cpu'],
  async make({ settings: { evaluationShare, seed }, inputs: { dataset }, context }) {
    const examples = sortByGroup(await Array.fromAsync(readPlaces(context.datasets.read(dataset))));
    if (examples.length === 0) throw refuseEmpty(context.node);
    const sides = new Map<string, Example['split']>();
    for await (const { id, split } of splitExamples(examples, { share: evaluationShare, seed })) sides.set(id, split);
    const moved = examples.filter(({ id, before }) => sides.get(id) !== before).length;
    async function* writeSplit() {
      for await (const example of context.datasets.read(dataset))
        yield { ...example, split: sides.get(example.id) ?? 'train' };
    }
    const written = await context.datasets.write(writeSplit());
    const report = new DataSetReport(dataset.report);
    if (moved > 0) report.add('moved', findings.moved, null, moved);
    return { outputs: { dataset: { ...written, report: report.notes } }, contents: [] };
  },
});

type Place = Pick<Example, 'id' | 'group'> & { readonly before: Example['split'] };

/** What a split needs to know of an example: the rest is read again when it is written. */
async function* readPlaces(examples: AsyncIterable<Example>): AsyncGenerator<Place> {
  for await (const { id, group, split } of examples) yield { id, group, before: split };
}

function sortByGroup(places: readonly Place[]): readonly Place[] {
  const groups = Map.groupBy(places, ({ group }) => group);
  return [...groups.values()].flat();
}

function refuseEmpty(node: string): KumikiError {
  return new KumikiError({
    code: 'dataset-empty',
    status: 422,
    node,
    message: {
      en: `The data set that reaches “${node}” holds no example.`,
      ja: `「${node}」に届いた教材に、例がありません。`,
    },
  });
}
