import type {
  ChatModelValue,
  DataSetValue,
  Example,
  TrainingAccess,
  TrainingEstimate,
  TrainingJob,
  TrainingRow,
} from '@kumiki/node-sdk';
import { MemoryDataSets } from '@kumiki/testkit';
import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { makeArtifact } from '../testing/make-artifact.ts';
import { makePassage } from '../testing/samples.ts';
import { loraFineTune } from './lora.ts';

const model: ChatModelValue = {
  host: 'embedded',
  name: 'base',
  digest: 'sha256:weights',
  adapter: null,
  template: 'sha256:template',
  contextLength: 2_048,
};
const adapter = { digest: 'sha256:adapter', files: [], base: 'sha256:weights', prompt: null };
const template = { system: '店員として答えてください。', template: '# 抜粋\n{{passages}}\n# 質問\n{{question}}' };

function makeExample(id: string, parts: Partial<Example> = {}): Example {
  return {
    id,
    documents: [id],
    group: id,
    split: 'train',
    messages: [
      { role: 'user', content: `${id}の送料は？` },
      { role: 'assistant', content: '500円です。' },
    ],
    trained: [1],
    passages: [makePassage('送料は500円です。')],
    ...parts,
  };
}

type Trial = {
  readonly job: TrainingJob;
  readonly key: string;
  readonly train: TrainingRow[];
  readonly evaluation: TrainingRow[];
};

async function tune(options: {
  readonly examples: readonly Example[];
  readonly settings?: Record<string, unknown>;
  readonly template?: typeof template;
  readonly estimate?: Partial<TrainingEstimate>;
  readonly model?: ChatModelValue;
  readonly lineage?: string;
}) {
  const datasets = new MemoryDataSets();
  const dataset: DataSetValue = { ...(await datasets.write(options.examples)), report: [] };
  const trials: Trial[] = [];
  const sizes: Parameters<TrainingAccess['estimate']>[1]['size'][] = [];
  const training: TrainingAccess = {
    async estimate(_model, { size }) {
      sizes.push(size);
      const memory = { needed: 2e9, free: 8e9, held: 0, device: 'cpu' } as const;
      return { verdict: 'fits', memory, seconds: 60, steps: 12, ...options.estimate };
    },
    async train(_model, job, { key, report }) {
      const [train, evaluation] = [await Array.fromAsync(job.train), await Array.fromAsync(job.evaluation)];
      trials.push({ job, key, train, evaluation });
      report({ type: 'state', state: 'training', share: null });
      return {
        adapter: { ...adapter, prompt: job.prompt },
        ...{ steps: 12, evaluationLoss: null, seconds: 1, rows: { train: 1, evaluation: 0 } },
        ...{ tokens: { train: 1, trained: 1 }, stopped: 'complete', hardware: 'test', device: 'cpu' },
        ...{ precision: 'float32', peakMemory: null, work: { processorSeconds: null, deviceSeconds: null }, curve: [] },
        energy: { processorJoules: null, deviceJoules: null },
      };
    },
  };
  const countTokens = async (_: unknown, texts: readonly string[]) => texts.map((text) => text.length);
  const context = createFakeContext({
    datasets: { read: (of) => datasets.read(of) },
    training,
    models: { countTokens },
  });
  const { settings = {}, lineage } = options;
  const inputs = { model: options.model ?? model, dataset, template: options.template };
  const made = await makeArtifact(loraFineTune, { settings, inputs, context, ...(lineage && { lineage }) });
  return { made, record: context.record, trials, sizes };
}

const many = Array.from({ length: 400 }, (_, place) => makeExample(`a${place}`));

describe('finetune/lora', () => {
  it('puts out the base with the adapter, which remembers its template', async () => {
    const { made } = await tune({ examples: many, template });
    expect(made.outputs.model).toEqual({ ...model, adapter: { ...adapter, prompt: template } });
  });

  it('trains on the rows of the training split, and evaluates on those of the other', async () => {
    const held = makeExample('held', { split: 'evaluation' });
    const { trials } = await tune({ examples: [...many, held] });
    expect(trials[0]?.train).toHaveLength(400);
    expect(trials[0]?.evaluation).toEqual([{ id: 'held', messages: held.messages, trained: [1] }]);
  });

  it('says as the first of all what the training will take', async () => {
    const { record, sizes } = await tune({ examples: many });
    expect(record.training.map(({ type }) => type)).toEqual(['estimate', 'state']);
    expect(record.warnings).toEqual([]);
    expect(sizes[0]).toMatchObject({ rows: 400, evaluation: { rows: 0, tokens: 0 } });
  });

  it('measures rows by the tokens of the model, and the longest exactly', async () => {
    const long = makeExample('long', {
      messages: [
        { role: 'user', content: 'あ'.repeat(900) },
        { role: 'assistant', content: 'い'.repeat(300) },
      ],
    });
    const { sizes } = await tune({ examples: [...many, long] });
    expect(sizes[0]?.longest.tokens).toBeGreaterThanOrEqual(1_201);
    expect(sizes[0]?.longest.tokens).toBeLessThan(1_230);
    expect(sizes[0]?.longest.trained).toBe(300);
    const real = many.reduce(
      (sum, { messages }) => sum + messages.map(({ content }) => content).join('\n').length,
      1_201,
    );
    expect(sizes[0]?.tokens).toBeGreaterThan(real);
    expect(sizes[0]?.tokens).toBeLessThan(real * 2);
  });

  it('warns where it will be tight, and refuses what cannot fit, with what to try', async () => {
    expect((await tune({ examples: many, estimate: { verdict: 'tight' } })).record.warnings).toEqual([
      'training-tight',
    ]);
    const tooLarge = { examples: many, estimate: { verdict: 'will-not-fit' } as const };
    await expect(tune(tooLarge)).rejects.toMatchObject({
      code: 'training-will-not-fit',
      text: {
        en: expect.stringContaining('512 tokens as the longest example'),
        ja: expect.stringContaining('512 トークン'),
      },
    });
    const all = await tune({ ...tooLarge, settings: { evenIfTooLarge: true } });
    expect(all.trials).toHaveLength(1);
  });

  it('says that a small data set needs other settings than the defaults, and which', async () => {
    const { record, trials } = await tune({ examples: many.slice(0, 60) });
    expect(record.warnings).toEqual(['training-few-steps']);
    expect(trials).toHaveLength(1);
    const settings = { batchSize: 8, epochs: 13, learningRate: 1e-3 };
    expect((await tune({ examples: many.slice(0, 60), settings })).record.warnings).toEqual([]);
  });

  it('goes on from what was begun with the same data and settings only', async () => {
    const keyOf = async (options: Parameters<typeof tune>[0]) => (await tune(options)).trials[0]?.key;
    const key = await keyOf({ examples: many });
    expect(await keyOf({ examples: many })).toBe(key);
    expect(await keyOf({ examples: many.slice(1) })).not.toBe(key);
    // Settings, model and template are in the lineage, which the engine knows.
    expect(await keyOf({ examples: many, lineage: 'other settings' })).not.toBe(key);
  });

  it('has a fingerprint that what is only looked at does not change', async () => {
    const identity = await loraFineTune.identify?.({ settings: {}, context: createFakeContext() });
    expect(identity?.covers).toEqual(['samplePrompts', 'evenIfTooLarge']);
  });

  it('asks the questions of its settings at each evaluation, else the first examples that are held out', async () => {
    const asked = await tune({ examples: many, settings: { samplePrompts: '送料は？\n\n返品は？' }, template });
    expect(asked.trials[0]?.job.samplePrompts.map((messages) => messages.map(({ content }) => content))).toEqual([
      ['店員として答えてください。', '# 抜粋\n\n# 質問\n送料は？'],
      ['店員として答えてください。', '# 抜粋\n\n# 質問\n返品は？'],
    ]);
    const held = makeExample('held', { split: 'evaluation' });
    const shown = await tune({ examples: [...many, held] });
    expect(shown.trials[0]?.job.samplePrompts).toEqual([[{ role: 'user', content: 'heldの送料は？' }]]);
  });

  it('refuses a data set without examples to learn from, and a model that is tuned already', async () => {
    const held = makeExample('held', { split: 'evaluation' });
    await expect(tune({ examples: [held] })).rejects.toMatchObject({ code: 'training-data-empty' });
    await expect(tune({ examples: many, model: { ...model, adapter } })).rejects.toMatchObject({
      code: 'model-not-trainable',
    });
  });

  it('refuses a template that wants passages which no example has', async () => {
    const examples = many.map((example) => ({ ...example, passages: null }));
    await expect(tune({ examples, template })).rejects.toMatchObject({ code: 'training-data-empty' });
    const some = await tune({ examples: [...many, makeExample('bare', { passages: null })], template });
    expect(some.record.warnings).toEqual(['answers-left-out']);
    expect(some.trials[0]?.train).toHaveLength(400);
  });
});
