import { type Conversation, defineArtifact, type NodeContext, port, type StreamElement } from '@kumiki/node-sdk';
import { z } from 'zod';
import { formatTexts } from '../load/conversation-formats/format-texts.ts';
import { fileSettingRule, fileSettings, fileSettingTexts, listFiles } from '../load/list-files.ts';
import { readConversationFile } from '../load/read-conversation-file.ts';
import type { AssistantChoice } from './choose-assistant.ts';
import { DataSetReport } from './data-set-report.ts';
import { ExampleMaker, type ExampleSettings, refuseEmpty, type UnsplitExample } from './example-maker.ts';
import { splitExamples } from './split-examples.ts';
import { evaluationSettings, evaluationSettingTexts } from './split-settings.ts';

const settings = z.object({
  ...fileSettings,
  format: z.enum(['auto', 'table', 'messages', 'sharegpt', 'alpaca']).default('auto'),
  questionColumn: z.string().max(200).default(''),
  answerColumn: z.string().max(200).default(''),
  system: z.string().max(20_000).default(''),
  maximumTokens: z.int().min(16).max(131_072).default(4_096),
  ...evaluationSettings,
});

const { auto, table, messages, sharegpt, alpaca } = formatTexts;

type Settings = z.output<typeof settings>;

/** Rows of such files are written to be examples, so that each is taken as it stands. */
const asTheyStand = {
  unit: 'conversation',
  context: 0,
  minimumAnswer: 1,
  gapMinutes: 0,
  withSpeakers: false,
  duplicates: 'exact',
  similarity: 1,
} as const satisfies Partial<ExampleSettings>;

const answeringRole: AssistantChoice = { by: 'role', names: [], matches: ({ role }) => role === 'assistant' };

/** Questions with their answers, or whole dialogues, that were written down to be learnt or to be measured on. */
export const dataSetFromFile = defineArtifact({
  type: 'dataset/from-file',
  version: 1,
  behaviour: 1,
  effect: 'reads',
  title: { en: 'Data set from files', ja: 'ファイルから教材をつくる' },
  description: {
    en: 'Reads questions and answers from CSV, TSV, Excel, JSON and JSON Lines: a column each, or OpenAI messages, ShareGPT, Alpaca.',
    ja: '質問と回答を、CSV、TSV、Excel、JSON、JSON Lines から読み込みます。質問と回答の列のある表のほか、OpenAI の messages・ShareGPT・Alpaca に対応しています。',
  },
  settings,
  settingTexts: {
    ...fileSettingTexts,
    format: {
      title: { en: 'Format', ja: '形式' },
      description: {
        en: 'Found from the contents unless it is set here.',
        ja: '指定しなければ、ファイルの中身から判別します。',
      },
      options: { auto, table, messages, sharegpt, alpaca },
    },
    questionColumn: {
      title: { en: 'Question column', ja: '質問の列' },
      description: { en: 'Empty: found by its usual names.', ja: '空欄のときは、よくある列名から探します。' },
      advanced: true,
    },
    answerColumn: { title: { en: 'Answer column', ja: '回答の列' }, advanced: true },
    system: {
      title: { en: 'System text', ja: 'システム文' },
      description: {
        en: 'Put in front of every example. Empty: what the source has.',
        ja: 'すべての例の先頭に置きます。空欄のときは元データのものを使います。',
      },
      widget: 'textarea',
      advanced: true,
    },
    maximumTokens: {
      title: { en: 'Maximum tokens', ja: '最大トークン数' },
      description: {
        en: 'The longest example, estimated from its characters.',
        ja: '例 1 つの長さの上限です（文字数からの推定）。',
      },
      advanced: true,
    },
    ...evaluationSettingTexts,
  },
  settingRules: [fileSettingRule],
  headline: 'collection',
  inputs: {},
  outputs: { dataset: port.dataset() },
  resources: ['cpu'],
  list: ({ settings, context }) => listFiles(settings, context),
  async make({ settings, context }) {
    const report = new DataSetReport();
    const contents: { id: string; contentHash: string }[] = [];
    const examples = makeAll({ settings, context, report, contents });
    const split = { share: settings.evaluationShare, seed: settings.seed };
    const written = await context.datasets.write(splitExamples(examples, split));
    if (written.examples.train + written.examples.evaluation === 0) throw refuseEmpty(report, context.node);
    return { outputs: { dataset: { ...written, report: report.notes } }, contents };
  },
});

async function* makeAll(job: {
  readonly settings: Settings;
  readonly context: NodeContext;
  readonly report: DataSetReport;
  readonly contents: { id: string; contentHash: string }[];
}): AsyncGenerator<UnsplitExample> {
  const { settings, context, report, contents } = job;
  const maker = new ExampleMaker({ ...settings, ...asTheyStand }, report);
  const listed = await listFiles(settings, context);
  for (const [index, entry] of listed.entries()) {
    context.signal.throwIfAborted();
    const element = placeUnderNode(await readConversationFile(entry, readSettings(settings), context), context);
    context.progress({ done: index + 1, total: listed.length, unit: 'documents' });
    const { document } = element;
    if ('error' in element) {
      context.recordDocumentError(document.id, element.error);
      report.add('document-unreadable', element.error.message, { document: document.id, line: null, detail: '' });
      continue;
    }
    contents.push({ id: element.document.id, contentHash: element.document.contentHash });
    yield* maker.makeFrom(element, answeringRole);
  }
  maker.finish(answeringRole);
}

function readSettings(settings: Settings) {
  const unused = { textColumn: '', speakerColumn: '', timeColumn: '', conversationColumn: '' };
  return { ...settings, ...unused, zone: '+09:00' };
}

/** Ids as a loader's would be: two nodes may read files of the same name. */
function placeUnderNode(element: StreamElement<Conversation>, { node }: NodeContext): StreamElement<Conversation> {
  const id = `${node.slice(node.lastIndexOf('/') + 1)}/${element.document.id}`;
  return 'error' in element
    ? { document: { ...element.document, id }, error: element.error }
    : { ...element, document: { ...element.document, id } };
}
