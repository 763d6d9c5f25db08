import { buildFlow, planFlow } from '@kumiki/engine';
import type { FlowDocument } from '@kumiki/flow';
import { nodeTypes } from '@kumiki/nodes';
import {
  buildFlowDocument,
  FakeModelHost,
  MemoryArtifactStore,
  type MemoryCollections,
  MemoryServices,
} from '@kumiki/testkit';
import { expect, it } from 'vitest';

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

/** What was released with data sets. */
const releasedDataSets = {
  embedder: {
    fingerprint: '60ac4dfe2942d36428376f3d8426856afce1883938f931f826030613d29295f6',
    lineage: 'fd646d1226dae7dd745a8c77c59f2021494e05ccafb5c78ecfc01cb210e03f11',
  },
  file: {
    fingerprint: '456a55693259f9facbff06eb1be73403b20f2988ded11dd36a1a755ce93ed0d8',
    lineage: 'ef4f734e9b6a7a92b80cde8d2c677d097d1e6bea5e7124bba05622f2c5afb065',
  },
  index: {
    fingerprint: '5a96dfba8ea639a853f83c9e3aa8495bc94f276d32b582f9beb353eff5f0b731',
    lineage: '74c5a21d8f505d6ca57d4f3635e857fdae55345370759914a4b4106acabb531c',
  },
  passages: {
    fingerprint: '1e148a7950d2d121c7b1b76a84c689788a87d32514c94f1ef84efd47bb6d99ec',
    lineage: '5f78ff307cb9f5f06e68713bb6e4d7db851ea67170a1e10e893df8ce83c65d8e',
  },
  split: {
    fingerprint: '99402c858785ad195be3db77c637b31cfd5cfb2204d373673ea89e33d94ce665',
    lineage: '4249bd277bb43772f1c12145eb677885b387011ac2a4f7d2bbb103a1c054e7d4',
  },
  talks: {
    fingerprint: '0721c5eab56448313c861f0a152a14e6187a46785d81300ae258558a77bdfa74',
    lineage: '958611247d2d4c64b419a4f931ccb65c10d90951df952766f059c0e5ad4d7855',
  },
};

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
  expect(await fingerprintNodes(document, files)).toEqual(released);
});

it('fingerprints of data sets and of indexes of conversations stay what they were', async () => {
  const document = buildFlowDocument('Golden')
    .node('load', 'load/conversations', { collection: 'talks', zone: '+00:00' })
    .node('mask', 'dataset/mask-personal-data', { listed: '青葉荘' })
    .node('chunk', 'chunk/conversation', { turns: 6 })
    .node('embedder', 'model/embedding', { model: 'fake-embedding' })
    .node('embed', 'embed')
    .node('index', 'index/pgvector')
    .node('talks', 'dataset/from-conversations', { unit: 'answer', evaluationShare: 0.2 })
    .node('file', 'dataset/from-file', { collection: 'talks', system: '短く' })
    .node('passages', 'dataset/with-passages', { passages: 2 })
    .node('split', 'dataset/split', { seed: 7 })
    .wire('load.conversations', 'mask.items')
    .wire('mask.items', 'chunk.conversations')
    .wire('mask.items', 'talks.conversations')
    .wire('embedder.model', 'chunk.model')
    .wire('chunk.chunks', 'embed.chunks')
    .wire('embedder.model', 'embed.model')
    .wire('embed.vectors', 'index.vectors')
    .wire('embedder.model', 'index.model')
    .wire('talks.dataset', 'passages.dataset')
    .wire('index.index', 'passages.index')
    .wire('passages.dataset', 'split.dataset')
    .build();
  const row = (question: string, answer: string) => JSON.stringify({ instruction: question, output: answer });
  const talks = new Map([
    ['a.jsonl', `${row('送料は？', '500円です。')}\n${row('返品は？', '14日以内です。')}`],
    ['b.jsonl', row('窓口は？', '九時からです。')],
  ]);
  expect(await fingerprintNodes(document, new Map([['talks', talks]]))).toEqual(releasedDataSets);
});

async function fingerprintNodes(document: FlowDocument, collections: MemoryCollections) {
  const services = new MemoryServices({ host: new FakeModelHost(), collections });
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
  return Object.fromEntries(made);
}
