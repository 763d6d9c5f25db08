import {
  type ChatMessage,
  type ChatModelValue,
  type DataSetValue,
  defineArtifact,
  type Example,
  KumikiError,
  type NodeContext,
  port,
  type TrainingRow,
  type TrainingSize,
} from '@kumiki/node-sdk';
import { renderPrompt } from '../prompt/render-prompt.ts';
import {
  type LoraSettings,
  loraSettings,
  loraSettingTexts,
  readTrainingSettings,
  settingsWithoutEffect,
} from './lora-settings.ts';
import { RowMeasure } from './measure-rows.ts';
import { refuseTooLarge, refuseTuned, warnFewSteps, warnTight } from './training-advice.ts';
import { readBaseName, readTrainingPrompt, renderDataSet, type TrainingPrompt } from './training-rows.ts';

/** Asked at each evaluation where the settings name no questions of their own. */
const shownSamples = 3;
const mostSamples = 10;

/** Trains an adapter on a data set, and puts out the model with it. */
export const loraFineTune = defineArtifact({
  type: 'finetune/lora',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: { en: 'Fine-tune', ja: 'ファインチューニング' },
  description: {
    en: 'Trains the model on the data set (LoRA), and puts out the tuned model. Connect the prompt’s template, so that it learns in the words in which it is asked.',
    ja: '教材でモデルを追加学習（LoRA）し、調整済みのモデルを出力します。プロンプトのひな形をつなぐと、実際に質問されるときと同じ文面で学習します。',
  },
  settings: loraSettings,
  settingTexts: loraSettingTexts,
  headline: 'epochs',
  inputs: {
    model: port.chatModel(),
    dataset: port.dataset(),
    template: port.promptTemplate({ required: false }),
  },
  outputs: { model: port.chatModel({ title: { en: 'tuned model', ja: '調整済みモデル' } }) },
  resources: ['gpu'],
  held: true,
  /** Nothing is outside; but what changes nothing about the model may not change its fingerprint either. */
  async identify() {
    return { value: null, covers: settingsWithoutEffect };
  },
  async make({ settings, inputs, lineage, context }) {
    const { model, dataset, template = null } = inputs;
    refuseTuned(model, context.node);
    refuseEmpty(dataset, context);
    const prompt = readTrainingPrompt(settings, template);
    const size = await measureRows({ dataset, prompt, model, context });
    const training = readTrainingSettings(settings);
    const base = readBaseName(settings);
    const estimate = await context.training.estimate(model, { settings: training, base, size });
    context.showTraining({ type: 'estimate', ...estimate });
    if (estimate.verdict === 'will-not-fit' && !settings.evenIfTooLarge) {
      throw refuseTooLarge(estimate, training, context.node);
    }
    if (estimate.verdict !== 'fits') warnTight(context, estimate);
    warnFewSteps(context, training, size.rows);
    const { adapter } = await context.training.train(
      model,
      {
        settings: training,
        base,
        dataset: { sha256: dataset.sha256, examples: dataset.examples },
        prompt: template,
        train: readRows(dataset, 'train', prompt, context),
        evaluation: readRows(dataset, 'evaluation', prompt, context),
        samplePrompts: await listSamplePrompts({ dataset, prompt, settings, context }),
      },
      {
        // The lineage stands for settings, model and template, the hash for the contents: the same after a crash.
        key: JSON.stringify([context.workspace, lineage, dataset.sha256]),
        report: (report) => context.showTraining(report),
      },
    );
    return { outputs: { model: { ...model, adapter } }, contents: [] };
  },
});

async function* readRows(
  dataset: DataSetValue,
  wanted: Example['split'],
  prompt: TrainingPrompt | null,
  context: NodeContext,
): AsyncGenerator<TrainingRow> {
  for await (const { split, rows } of renderDataSet(dataset, prompt, context)) if (split === wanted) yield* rows;
}

/** Goes through all rows once before anything starts. Throws `training-data-empty` where none is left to learn from. */
async function measureRows(of: {
  readonly dataset: DataSetValue;
  readonly prompt: TrainingPrompt | null;
  readonly model: ChatModelValue;
  readonly context: NodeContext;
}): Promise<TrainingSize> {
  const { dataset, prompt, model, context } = of;
  const measures = { train: new RowMeasure(), evaluation: new RowMeasure() };
  let leftOut = 0;
  for await (const rendered of renderDataSet(dataset, prompt, context)) {
    leftOut += rendered.leftOut;
    for (const row of rendered.rows) measures[rendered.split].add(row);
  }
  const train = await measures.train.count(model, context.models);
  const { rows, tokens } = await measures.evaluation.count(model, context.models);
  if (train.rows === 0) throw leftOut > 0 ? refuseWithoutPassages(context) : refuseNothing(context);
  if (leftOut > 0) warnLeftOut(context, leftOut);
  return { ...train, evaluation: { rows, tokens } };
}

async function listSamplePrompts(of: {
  readonly dataset: DataSetValue;
  readonly prompt: TrainingPrompt | null;
  readonly settings: LoraSettings;
  readonly context: NodeContext;
}): Promise<readonly (readonly ChatMessage[])[]> {
  const { dataset, prompt, settings, context } = of;
  const questions = settings.samplePrompts.split('\n').filter((line) => line.trim() !== '');
  if (questions.length > 0) return questions.slice(0, mostSamples).map((question) => ask(question, prompt));
  const split = dataset.examples.evaluation > 0 ? 'evaluation' : 'train';
  const samples: (readonly ChatMessage[])[] = [];
  for await (const { messages, trained } of readRows(dataset, split, prompt, context)) {
    const place = trained.at(-1);
    if (place !== undefined) samples.push(messages.slice(0, place));
    if (samples.length === shownSamples) break;
  }
  return samples;
}

function ask(question: string, prompt: TrainingPrompt | null): readonly ChatMessage[] {
  if (prompt === null) return [{ role: 'user', content: question }];
  const { question: name, passages } = prompt.roles;
  const values = { ...(name !== null && { [name]: question }), ...(passages !== null && { [passages]: [] }) };
  return renderPrompt(prompt.template, [], values);
}

function refuseEmpty({ examples }: DataSetValue, context: NodeContext): void {
  if (examples.train === 0) throw refuseNothing(context);
}

function refuseNothing({ node }: NodeContext): KumikiError {
  return new KumikiError({
    code: 'training-data-empty',
    status: 422,
    node,
    message: {
      en: `The data set that reaches “${node}” holds no example to learn from. Look at what was left out when it was made.`,
      ja: `「${node}」につながれた教材に、学習に使う例がありません。教材をつくるときに何が除外されたかを確認してください。`,
    },
  });
}

function refuseWithoutPassages({ node }: NodeContext): KumikiError {
  return new KumikiError({
    code: 'training-data-empty',
    status: 422,
    node,
    message: {
      en: `The template wants passages, and no example that reaches “${node}” has any. Put a node in between that adds passages to the data set, or connect a template without passages.`,
      ja: `ひな形には抜粋が必要ですが、「${node}」につながれた教材の例に抜粋がありません。教材に抜粋を付ける部品を間に入れるか、抜粋を使わないひな形をつないでください。`,
    },
  });
}

function warnLeftOut(context: NodeContext, count: number): void {
  const { node } = context;
  context.warn({
    code: 'answers-left-out',
    message: {
      en: `${count} answers are not learnt by “${node}”, since the template wants passages and these have none: passages are known for the last question of a conversation only.`,
      ja: `ひな形に必要な抜粋がないため、${count} 件の回答は「${node}」の学習に使いません。抜粋があるのは、各会話の最後の質問だけです。`,
    },
  });
}
