import { fewestClusters } from '@kumiki/evals';
import type { LocalisedText } from '@kumiki/flow';
import type { z } from 'zod';
import type { experimentWarningSchema } from '../contract/experiments.ts';
import type { Arm } from './arms.ts';

export type ExperimentWarning = z.infer<typeof experimentWarningSchema>;

/** Settings of a model's node that bound its answers; the others say how it draws them. */
const limits: ReadonlySet<string> = new Set(['maximumTokens', 'contextLength']);

/** What makes a comparison of these arms say something else than people would take it for. */
export function findWarnings(
  arms: readonly Arm[],
  questions: { readonly rows: number; readonly clusters: number },
): readonly ExperimentWarning[] {
  const chats = (arm: Arm) => arm.models.filter(({ purpose }) => purpose === 'chat');
  const differences = [
    findDifference('host-differs', { en: 'Model host', ja: 'モデルホスト' }, arms, (arm) =>
      chats(arm).map(({ host }) => host),
    ),
    findDifference('model-differs', { en: 'Base model', ja: '元のモデル' }, arms, (arm) =>
      chats(arm).map(({ name, digest }) => (digest === null ? name : `${name} (${shorten(digest)})`)),
    ),
    findDifference('quantisation-differs', { en: 'Quantisation', ja: '量子化' }, arms, (arm) =>
      chats(arm).map(({ quantisation }) => quantisation ?? '?'),
    ),
    ...compareSettings('sampling-differs', arms, (name) => !limits.has(name)),
    ...compareSettings('limit-differs', arms, (name) => limits.has(name)),
  ];
  return [...differences.flat(), ...findUnpinned(arms), ...findThinData(questions)];
}

function compareSettings(
  code: 'sampling-differs' | 'limit-differs',
  arms: readonly Arm[],
  which: (name: string) => boolean,
): readonly ExperimentWarning[] {
  const names = new Set(arms.flatMap(({ sampling }) => sampling.flatMap(({ settings }) => Object.keys(settings))));
  return [...names]
    .filter(which)
    .flatMap((name) =>
      findDifference(code, { en: `Setting “${name}”`, ja: `設定「${name}」` }, arms, ({ sampling }) =>
        sampling.map(({ settings }) => JSON.stringify(settings[name]) ?? '?'),
      ),
    );
}

/** Arms without a model have nothing to differ in. */
function findDifference(
  code: ExperimentWarning['code'],
  what: LocalisedText,
  arms: readonly Arm[],
  read: (arm: Arm) => readonly string[],
): readonly ExperimentWarning[] {
  const values = arms
    .map((arm) => ({ arm, value: [...new Set(read(arm))].toSorted().join(', ') }))
    .filter(({ value }) => value !== '');
  if (new Set(values.map(({ value }) => value)).size < 2) return [];
  return [
    {
      code,
      arms: values.map(({ arm }) => arm.key),
      message: {
        en: `${what.en} differs between the arms: ${values.map(({ arm, value }) => `“${arm.name}” ${value}`).join('; ')}. What is measured is partly this difference.`,
        ja: `${what.ja}が案によって違います：${values.map(({ arm, value }) => `「${arm.name}」は ${value}`).join('、')}。測定結果にはこの違いも含まれます。`,
      },
    },
  ];
}

function findUnpinned(arms: readonly Arm[]): readonly ExperimentWarning[] {
  const unpinned = arms.filter(({ models }) => models.some(({ digest }) => digest === null));
  if (unpinned.length === 0) return [];
  const names = [
    ...new Set(unpinned.flatMap(({ models }) => models.flatMap((m) => (m.digest === null ? m.name : [])))),
  ];
  return [
    {
      code: 'model-unpinned',
      arms: unpinned.map(({ key }) => key),
      message: {
        en: `The host tells no digest of ${names.map((name) => `“${name}”`).join(', ')}, so nobody can tell whether the model is changed in the middle of the experiment.`,
        ja: `ホストから${names.map((name) => `「${name}」`).join('')}のダイジェストを取得できないため、実験の途中でモデルが入れ替わってもわかりません。`,
      },
    },
  ];
}

function findThinData({ rows, clusters }: { readonly rows: number; readonly clusters: number }): ExperimentWarning[] {
  if (rows === 1) {
    return [
      {
        code: 'one-question',
        arms: [],
        message: {
          en: 'There is one question only. Its answers can be read, and nothing can be concluded from them.',
          ja: '質問が 1 件しかありません。回答を見比べることはできますが、結論は出せません。',
        },
      },
    ];
  }
  if (clusters >= fewestClusters) return [];
  return [
    {
      code: 'few-clusters',
      arms: [],
      message: {
        en: `The questions are on ${clusters} documents or conversations. Below ${fewestClusters}, no interval is given, and no arm is recommended.`,
        ja: `質問の対象になっている文書や会話は ${clusters} 件です。${fewestClusters} 件に満たないと、区間も推奨も示せません。`,
      },
    },
  ];
}

function shorten(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 8);
}
