import {
  type DataSetValue,
  defineArtifact,
  type Example,
  type IndexValue,
  type NodeContext,
  type Passage,
  port,
} from '@kumiki/node-sdk';
import { z } from 'zod';
import { embedQuery } from '../retrieve/embed-query.ts';
import { fuseByScores } from '../retrieve/fuse-scores.ts';
import { normaliseQuery, toPassage } from '../retrieve/select-passages.ts';
import { choosePassages } from './choose-passages.ts';
import { DataSetReport } from './data-set-report.ts';
import { findings } from './findings.ts';

const settings = z.object({
  passages: z.int().min(1).max(20).default(4),
  rightShare: z.number().min(0).max(1).default(0.8),
  overlap: z.number().min(0.05).max(1).default(0.4),
  candidates: z.int().min(5).max(200).default(30),
  seed: z.int().min(0).max(2_147_483_647).default(1),
});

type Settings = z.output<typeof settings>;

/**
 * Puts passages into examples, as retrieval does for a question: a model that learns with them learns to use the right one,
 * to leave the others alone, and to answer without (RAFT, Zhang et al. 2024).
 */
export const dataSetWithPassages = defineArtifact({
  type: 'dataset/with-passages',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: { en: 'Add passages', ja: '教材に抜粋を添える' },
  description: {
    en: 'For a model that will answer with retrieval: gives each example passages of the index, the right one where it is found, and others that only look alike.',
    ja: '検索と組み合わせて使うモデル向けに、索引の抜粋を例に添えます。正解の抜粋が見つかればそれを、あわせて紛らわしい抜粋も入れます。',
  },
  settings,
  settingTexts: {
    passages: {
      title: { en: 'Passages', ja: '抜粋の数' },
      description: {
        en: 'As many as the flow will retrieve when it answers.',
        ja: '回答するときにフローが取得する抜粋の数に合わせてください。',
      },
    },
    rightShare: {
      title: { en: 'Share with the right one', ja: '正解の抜粋を入れる割合' },
      description: {
        en: 'Of the examples whose right passage is found, so many get it. The rest get others only, so that the model does not lean on passages alone.',
        ja: '正解の抜粋が見つかった例のうち、それを入れる割合です。残りは紛らわしい抜粋だけにして、抜粋に頼りすぎないようにします。',
      },
      widget: 'slider',
    },
    overlap: {
      title: { en: 'Right from', ja: '正解とみなす割合' },
      description: {
        en: 'A passage is right where it holds this share of the answer, in pieces of three characters.',
        ja: '回答を 3 文字ずつの断片に分け、この割合以上を含む抜粋を正解とみなします。',
      },
      widget: 'slider',
      advanced: true,
    },
    candidates: {
      title: { en: 'Candidates', ja: '候補の数' },
      description: {
        en: 'How many passages are looked at for each question.',
        ja: '質問ごとに調べる抜粋の数です。',
      },
      advanced: true,
    },
    seed: {
      title: { en: 'Seed', ja: 'シード値' },
      description: {
        en: 'Another number draws other examples and another order of passages.',
        ja: '値を変えると、選ばれる例と抜粋の並び順が変わります。',
      },
      advanced: true,
    },
  },
  headline: 'passages',
  inputs: { dataset: port.dataset(), index: port.index() },
  outputs: { dataset: port.dataset() },
  resources: ['database'],
  async make({ settings, inputs: { dataset, index }, context }) {
    const report = new DataSetReport(dataset.report);
    const written = await context.datasets.write(addPassages({ dataset, index, settings, context, report }));
    return { outputs: { dataset: { ...written, report: report.notes } }, contents: [] };
  },
});

type Job = {
  readonly dataset: DataSetValue;
  readonly index: IndexValue;
  readonly settings: Settings;
  readonly context: NodeContext;
  readonly report: DataSetReport;
};

async function* addPassages({ dataset, index, settings, context, report }: Job): AsyncGenerator<Example> {
  const { train, evaluation } = dataset.examples;
  let done = 0;
  for await (const example of context.datasets.read(dataset)) {
    context.signal.throwIfAborted();
    const { passages, right } = choosePassages(
      example,
      await findCandidates(example, index, settings, context),
      settings,
    );
    report.add(`passages-${right}`, findings.passages[right]);
    if (example.trained.length > 1) report.add('passages-last-only', findings.passagesForLast);
    const documents = [...new Set([...example.documents, ...passages.map(({ documentId }) => documentId)])];
    yield { ...example, documents, passages };
    done += 1;
    context.progress({ done, total: train + evaluation, unit: 'steps' });
  }
}

/** The best by meaning and words for the last question, as the retriever finds them. */
async function findCandidates(
  { messages }: Example,
  index: IndexValue,
  { candidates }: Settings,
  context: NodeContext,
): Promise<readonly Passage[]> {
  const text = normaliseQuery(messages.findLast(({ role }) => role === 'user')?.content ?? '');
  if (text === '') return [];
  const vector = await embedQuery(index, text, context);
  const at = { workspace: context.workspace, lineage: index.lineage, generation: index.generation };
  const found = await context.index.searchBoth(at, { text, vector, candidates }, context.signal);
  const rankings = fuseByScores(found, 0.5);
  return found
    .map(({ cosine, bm25, ...passage }, place) => toPassage(passage, { cosine, bm25, ranking: rankings[place] ?? 0 }))
    .sort((one, other) => other.scores.ranking - one.scores.ranking)
    .slice(0, candidates);
}
