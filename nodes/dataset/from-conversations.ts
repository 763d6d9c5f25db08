import {
  type Conversation,
  type DocumentSource,
  defineArtifact,
  KumikiError,
  type NodeContext,
  port,
  type StreamElement,
} from '@kumiki/node-sdk';
import { z } from 'zod';
import { type AssistantChoice, chooseAssistant, listSpeakers, readAssistantSetting } from './choose-assistant.ts';
import { DataSetReport } from './data-set-report.ts';
import { ExampleMaker, refuseEmpty, type UnsplitExample } from './example-maker.ts';
import { splitExamples } from './split-examples.ts';
import { evaluationSettings, evaluationSettingTexts } from './split-settings.ts';

const settings = z.object({
  assistant: z.string().max(2_000).default(''),
  unit: z.enum(['conversation', 'answer']).default('conversation'),
  context: z.int().min(0).max(200).default(8),
  maximumTokens: z.int().min(16).max(131_072).default(1_024),
  minimumAnswer: z.int().min(1).max(10_000).default(1),
  gapMinutes: z.int().min(0).max(525_600).default(240),
  system: z.string().max(20_000).default(''),
  withSpeakers: z.boolean().default(false),
  duplicates: z.enum(['near', 'exact', 'keep']).default('near'),
  similarity: z.number().min(0.5).max(0.99).default(0.85),
  ...evaluationSettings,
});

type Settings = z.output<typeof settings>;
type Read = Extract<StreamElement<Conversation>, { items: unknown }>;
type Job = {
  readonly settings: Settings;
  readonly context: NodeContext;
  readonly report: DataSetReport;
};

/** So many conversations tell who the assistant is. They are held back until that is known. */
const sampledConversations = 1_000;

/** Conversations in, examples out: what a model is to answer, and after what. */
export const dataSetFromConversations = defineArtifact({
  type: 'dataset/from-conversations',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: { en: 'Data set from conversations', ja: '会話から教材をつくる' },
  description: {
    en: 'Turns conversations into examples to learn from: who is the assistant, what goes before its answers, no duplicates, and a part set aside to measure on.',
    ja: '会話を学習用の例に変えます。アシスタント役を決め、前のやり取りを添え、重複を除き、評価用の例を取り分けます。',
  },
  settings,
  settingTexts: {
    assistant: {
      title: { en: 'Assistant', ja: 'アシスタント役' },
      description: {
        en: 'Names of those whose answers are learnt, separated by commas; * stands for anything. Empty: found by role or name, and shown.',
        ja: '学習する回答を書いた話者の名前を、カンマで区切って指定します。* は任意の文字列です。空欄のときは役割や名前から判断し、結果を表示します。',
      },
    },
    unit: {
      title: { en: 'One example is', ja: '例の単位' },
      description: {
        en: 'A whole conversation teaches all its answers at once and trains faster. One per answer sees each with what went before it.',
        ja: '会話全体を 1 例にすると、すべての回答をまとめて学習でき、速く終わります。回答ごとにすると、1 つずつ前のやり取りと合わせて学習します。',
      },
      options: {
        conversation: { en: 'A conversation', ja: '会話全体' },
        answer: { en: 'An answer', ja: '回答ごと' },
      },
    },
    context: {
      title: { en: 'Turns before an answer', ja: '前に添えるターン数' },
      description: {
        en: 'How many turns before an answer go along, at most. Where a long conversation is cut, the next piece begins with them.',
        ja: '回答の前に添えるやり取りの上限です。長い会話を分けるときは、続きの先頭に添えます。',
      },
    },
    maximumTokens: {
      title: { en: 'Maximum tokens', ja: '最大トークン数' },
      description: {
        en: 'The longest example, estimated from its characters. Keep it below the length that is set for training.',
        ja: '例 1 つの長さの上限です（文字数からの推定）。学習の最大長を超えないようにしてください。',
      },
    },
    minimumAnswer: {
      title: { en: 'Shortest answer (characters)', ja: '回答の最小文字数' },
      description: {
        en: 'Shorter answers are not learnt; they stay as context.',
        ja: 'これより短い回答は学習せず、前後の文脈としてだけ使います。',
      },
      advanced: true,
    },
    gapMinutes: {
      title: { en: 'New conversation after (minutes)', ja: '会話を区切る間隔（分）' },
      description: {
        en: 'Where nobody says anything for longer, another conversation begins. 0 never cuts.',
        ja: '発言がこの時間より長く途切れたら、別の会話とみなします。0 にすると区切りません。',
      },
      advanced: true,
    },
    system: {
      title: { en: 'System text', ja: 'システム文' },
      description: {
        en: 'Put in front of every example. Empty: what the source has. Where a prompt template is used, leave it to that.',
        ja: 'すべての例の先頭に置きます。空欄のときは元データのものを使います。プロンプトのひな形を使う場合は、そちらに書いてください。',
      },
      widget: 'textarea',
      advanced: true,
    },
    withSpeakers: {
      title: { en: 'Write speakers’ names', ja: '話者名を書き添える' },
      description: {
        en: 'Where several people speak with the assistant, puts each one’s name in front of what they say.',
        ja: 'アシスタント役の相手が複数いるとき、発言の前に名前を書き添えます。',
      },
      advanced: true,
    },
    duplicates: {
      title: { en: 'Leave out', ja: '重複の扱い' },
      options: {
        near: { en: 'Same and nearly the same', ja: '同じ例とよく似た例を除く' },
        exact: { en: 'The same only', ja: '同じ例だけを除く' },
        keep: { en: 'Nothing', ja: '除かない' },
      },
      advanced: true,
    },
    similarity: {
      title: { en: 'Nearly the same from', ja: 'よく似たとみなす割合' },
      description: {
        en: 'Share of four-character pieces that two examples have in common (Jaccard, estimated by MinHash).',
        ja: '2 つの例に共通する 4 文字ずつの断片の割合です（MinHash による Jaccard 係数の推定値）。',
      },
      widget: 'slider',
      advanced: true,
    },
    ...evaluationSettingTexts,
  },
  headline: 'unit',
  inputs: { conversations: port.conversations() },
  outputs: { dataset: port.dataset() },
  resources: ['cpu'],
  async make({ settings, inputs: { conversations }, context }) {
    const job: Job = { settings, context, report: new DataSetReport() };
    const contents: { id: string; contentHash: string }[] = [];
    const examples = makeAll(conversations, contents, job);
    const written = await context.datasets.write(
      splitExamples(examples, { share: settings.evaluationShare, seed: settings.seed }),
    );
    if (written.examples.train + written.examples.evaluation === 0) throw refuseEmpty(job.report, context.node);
    return {
      outputs: { dataset: { ...written, report: job.report.notes } },
      contents: contents.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    };
  },
});

async function* makeAll(
  source: DocumentSource<Conversation>,
  contents: { id: string; contentHash: string }[],
  job: Job,
): AsyncGenerator<UnsplitExample> {
  const { settings, context, report } = job;
  const maker = new ExampleMaker(settings, report);
  let assistant = readAssistantSetting(settings.assistant);
  let waiting: Read[] = [];
  let waitingConversations = 0;
  let done = 0;
  const decide = (): AssistantChoice => {
    const sampled = waiting.flatMap(({ items }) => items);
    const chosen = chooseAssistant(sampled);
    if (chosen === null && sampled.length > 0) throw refuseUnclear(sampled, context.node);
    return chosen ?? { by: 'role', names: [], matches: ({ role }) => role === 'assistant' };
  };
  for await (const element of source.read('all')) {
    context.signal.throwIfAborted();
    done += 1;
    context.progress({ done, total: source.manifest?.length ?? null, unit: 'documents' });
    if ('error' in element) {
      report.add('document-unreadable', element.error.message, {
        document: element.document.id,
        line: null,
        detail: '',
      });
      continue;
    }
    contents.push({ id: element.document.id, contentHash: element.document.contentHash });
    if (assistant === null) {
      waiting.push(element);
      waitingConversations += element.items.length;
      if (waitingConversations < sampledConversations) continue;
      assistant = decide();
    }
    for (const held of waiting) yield* maker.makeFrom(held, assistant);
    if (waiting.length === 0) yield* maker.makeFrom(element, assistant);
    waiting = [];
  }
  assistant ??= decide();
  for (const held of waiting) yield* maker.makeFrom(held, assistant);
  maker.finish(assistant);
}

const shownSpeakers = 12;

function refuseUnclear(conversations: readonly Conversation[], node: string): KumikiError {
  const speakers = listSpeakers(conversations).slice(0, shownSpeakers);
  const list = (count: (conversations: number) => string) =>
    speakers.map(({ speaker, conversations: many }) => `${speaker} (${count(many)})`).join(', ');
  return new KumikiError({
    code: 'assistant-unclear',
    status: 422,
    node,
    message: {
      en: `It is not clear who is the assistant in the conversations. Name the speakers whose answers are to be learnt in the settings of “${node}”. These speak in the conversations: ${list((many) => `${many}`)}.`,
      ja: `会話の中でだれがアシスタント役なのか判断できません。「${node}」の設定で、学習する回答を書いた話者を指定してください。会話に出てくる話者：${list((many) => `${many} 件`)}`,
    },
  });
}
