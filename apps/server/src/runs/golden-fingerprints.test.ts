import { buildFlow, planFlow } from '@kumiki/engine';
import { defineNode, port, type TrainingAccess } from '@kumiki/node-sdk';
import { nodeTypes } from '@kumiki/nodes';
import { buildFlowDocument, FakeModelHost, MemoryArtifactStore, MemoryServices } from '@kumiki/testkit';
import { expect, it } from 'vitest';
import { z } from 'zod';

/**
 * Fingerprints as released versions have made them. One that differs here makes everybody build again, or train again,
 * what they have: whoever means that raises the `behaviour` of the node type and adds a line; no line is ever changed.
 */
const released = {
  embedder: {
    fingerprint: '60ac4dfe2942d36428376f3d8426856afce1883938f931f826030613d29295f6',
    lineage: 'fd646d1226dae7dd745a8c77c59f2021494e05ccafb5c78ecfc01cb210e03f11',
  },
  chat: {
    fingerprint: '13a4daf88bd09ad2eb2c00d7936bcdc3c5af79404ace5787e8acea0e486fb1cc',
    lineage: 'b7a477c374bd3e643300b69319a3d97808cbdc5d955493c026fd68421c182e12',
  },
  index: {
    fingerprint: '04c768799b8347d91bf5ea377843b81f61f756f0496a6c008df50f93c9fe48df',
    lineage: '7c89287f8ff5e77df98f5847a81daa68713537847a3e9a90841b75aa8ebd573b',
  },
};

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
  }),
};

/** Equal, since its data set has no contents that come and go. */
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

it('fingerprints of released node types stay what they were', async () => {
  const document = buildFlowDocument('Golden')
    .node('load', 'load/files', { collection: 'faq', include: '*.txt' })
    .node('embedder', 'model/embedding', { model: 'fake-embedding' })
    .node('chat', 'model/chat', { model: 'fake-chat' })
    .node('chunk', 'chunk/recursive', { size: 100, overlap: 10 })
    .node('embed', 'embed', { withHeadings: false })
    .node('index', 'index/pgvector')
    .node('question', 'input', { name: 'question' })
    .node('search', 'retrieve/hybrid', { limit: 3 })
    .node('prompt', 'prompt/template', { template: '{{passages}} {{question}}' })
    .node('answer', 'generate/llm')
    .node('output', 'output', { name: 'answer' })
    .wire('load.documents', 'chunk.documents')
    .wire('embedder.model', 'chunk.model')
    .wire('chunk.chunks', 'embed.chunks')
    .wire('embedder.model', 'embed.model')
    .wire('embed.vectors', 'index.vectors')
    .wire('embedder.model', 'index.model')
    .wire('index.index', 'search.index')
    .wire('question.value', 'search.query')
    .wire('search.passages', 'prompt.passages')
    .wire('question.value', 'prompt.question')
    .wire('prompt.prompt', 'answer.prompt')
    .wire('chat.model', 'answer.model')
    .wire('answer.answer', 'output.value')
    .build();
  const files = new Map([
    [
      'faq',
      new Map([
        ['a.txt', '返金は14日以内です。'],
        ['b.txt', '窓口は九時からです。'],
      ]),
    ],
  ]);
  const services = new MemoryServices({ host: new FakeModelHost(), collections: files });
  const { build } = await buildFlow({
    plan: planFlow(document, new Map(nodeTypes.map((type) => [type.description.type, type]))),
    workspace: 'default',
    run: 'run',
    services: services.bind,
    emit: () => {},
    signal: new AbortController().signal,
    artifacts: new MemoryArtifactStore(),
  });
  const made = Object.entries(build.nodes).map(([node, { fingerprint, lineage }]) => [node, { fingerprint, lineage }]);
  expect(Object.fromEntries(made)).toEqual(released);
});
