import { buildFlow, planFlow } from '@kumiki/engine';
import { defineNode, port, type TrainingAccess } from '@kumiki/node-sdk';
import { nodeTypes } from '@kumiki/nodes';
import { buildFlowDocument, FakeModelHost, MemoryArtifactStore, MemoryServices } from '@kumiki/testkit';
import { expect, it } from 'vitest';
import { z } from 'zod';

/** A data set that is the same whatever becomes of the node types that make real ones. */
const givenDataSet = defineNode({
  type: 'dataset/given',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: { en: 'Given', ja: '既知' },
  description: { en: '', ja: '' },
  settings: z.object({}),
  settingTexts: {},
  inputs: {},
  outputs: { dataset: port.dataset() },
  async run({ context }) {
    const messages = [
      { role: 'user', content: '送料は？' },
      { role: 'assistant', content: '500円です。' },
    ] as const;
    const example = {
      id: 'a',
      documents: [],
      group: 'a',
      split: 'train',
      messages,
      trained: [1],
      passages: null,
    } as const;
    return { dataset: { ...(await context.datasets.write([example])), report: [] } };
  },
});

const training: TrainingAccess = {
  estimate: async () => ({
    verdict: 'fits',
    memory: { needed: 1, free: 2, held: 0, device: 'cpu' },
    seconds: 1,
    steps: 1,
  }),
  train: async () => ({
    adapter: { digest: 'sha256:a', files: [], base: 'sha256:b', prompt: null },
    ...{ steps: 1, evaluationLoss: null, seconds: 1, rows: { train: 1, evaluation: 0 } },
    ...{ tokens: { train: 1, trained: 1 }, stopped: 'complete', hardware: '', device: 'cpu', precision: '' },
    peakMemory: null,
    work: { processorSeconds: null, deviceSeconds: null },
    energy: { processorJoules: null, deviceJoules: null },
    curve: [],
  }),
};

/** As released; see `golden-fingerprints.test.ts`. Equal, since its data set has no contents that come and go. */
const releasedTuned = {
  fingerprint: '9a5f5e4d471fd85858d446206bdf89a27c31193624423eba25d01e5646208c85',
  lineage: '9a5f5e4d471fd85858d446206bdf89a27c31193624423eba25d01e5646208c85',
};

it('fingerprints of tuned models stay what they were', async () => {
  const document = buildFlowDocument('Golden')
    .node('data', 'dataset/given')
    .node('chat', 'model/chat', { model: 'fake-chat' })
    .node('prompt', 'prompt/template', { system: '短く。', template: '質問：{{question}}' })
    .node('tune', 'finetune/lora', { rank: 8, samplePrompts: '送料は？' })
    .node('question', 'input', { name: 'question' })
    .node('answer', 'generate/llm')
    .node('output', 'output', { name: 'answer' })
    .wire('data.dataset', 'tune.dataset')
    .wire('chat.model', 'tune.model')
    .wire('prompt.template', 'tune.template')
    .wire('question.value', 'prompt.question')
    .wire('prompt.prompt', 'answer.prompt')
    .wire('tune.model', 'answer.model')
    .wire('answer.answer', 'output.value')
    .build();
  const services = new MemoryServices({ host: new FakeModelHost(), training });
  const { build } = await buildFlow({
    plan: planFlow(document, new Map([...nodeTypes, givenDataSet].map((type) => [type.description.type, type]))),
    workspace: 'default',
    run: 'run',
    services: services.bind,
    emit: () => {},
    signal: new AbortController().signal,
    artifacts: new MemoryArtifactStore(),
  });
  const { fingerprint, lineage } = build.nodes.tune ?? {};
  expect({ fingerprint, lineage }).toEqual(releasedTuned);
});
