import { checkFlow, type FlowDocument, type FlowNode, type NodeTypeDescription, parsePortAddress } from '@kumiki/flow';
import { expect, test } from 'vitest';
import { nodeWidth } from '../canvas/node-geometry.ts';
import { describeType } from '../testing/test-flow.ts';
import { addMissingArms } from './add-missing-arms.ts';
import { deriveFlow } from './derive-flow.ts';
import { createFlowStore } from './flow-store.ts';
import { readArms } from './read-arms.ts';

const text = { type: 'string', default: '' };

function optional(description: NodeTypeDescription, ...names: string[]): NodeTypeDescription {
  const inputs = Object.fromEntries(
    Object.entries(description.inputs).map(([name, port]) => [name, { ...port, required: !names.includes(name) }]),
  );
  return { ...description, inputs };
}

const bare = describeType('prompt/template', {
  outputs: { prompt: 'messages', template: 'prompt-template' },
  settings: { system: text, template: { type: 'string', default: '{{question}}' } },
});
const prompt: NodeTypeDescription = {
  ...bare,
  // A template depends on settings only, so that a tuning may have it.
  outputs: Object.fromEntries(
    Object.entries(bare.outputs).map(([name, port]) => [name, { ...port, static: name === 'template' }]),
  ),
  initialTexts: { template: { en: '{{passages}}\n{{question}}', ja: '{{passages}}\n{{question}}' } },
  portRules: [{ rule: 'template-variables', setting: 'template', kinds: ['text', 'passages'], except: [] }],
};

const descriptions = [
  describeType('input', { outputs: { value: 'text' }, settings: { name: text } }),
  describeType('load/files', { outputs: { documents: 'documents' }, settings: { collection: text } }),
  describeType('load/conversations', { outputs: { conversations: 'conversations' }, settings: { collection: text } }),
  optional(
    describeType('chunk/recursive', {
      inputs: { documents: 'documents', model: 'embedding-model' },
      outputs: { chunks: 'chunks' },
    }),
    'model',
  ),
  describeType('model/embedding', { outputs: { model: 'embedding-model' }, settings: { host: text, model: text } }),
  describeType('model/chat', { outputs: { model: 'chat-model' }, settings: { model: text, tuned: text } }),
  describeType('embed', { inputs: { chunks: 'chunks', model: 'embedding-model' }, outputs: { vectors: 'vectors' } }),
  describeType('index/pgvector', {
    inputs: { vectors: 'vectors', model: 'embedding-model' },
    outputs: { index: 'index' },
    makesArtifact: true,
  }),
  describeType('retrieve/hybrid', {
    inputs: { index: 'index', query: 'text' },
    outputs: { passages: 'passages' },
    settings: { limit: { type: 'integer', default: 8 } },
  }),
  prompt,
  describeType('generate/llm', {
    inputs: { prompt: ['messages', 'text'], model: 'chat-model' },
    outputs: { answer: 'text' },
    settings: { temperature: { type: 'number', default: 0.2 } },
  }),
  describeType('dataset/from-conversations', {
    inputs: { conversations: 'conversations' },
    outputs: { dataset: 'dataset' },
    makesArtifact: true,
  }),
  describeType('dataset/with-passages', {
    inputs: { dataset: 'dataset', index: 'index' },
    outputs: { dataset: 'dataset' },
    settings: { passages: { type: 'integer', default: 4 } },
    makesArtifact: true,
  }),
  optional(
    describeType('finetune/lora', {
      inputs: { model: 'chat-model', dataset: 'dataset', template: 'prompt-template' },
      outputs: { model: 'chat-model' },
      settings: { epochs: { type: 'integer', default: 3 } },
      makesArtifact: true,
    }),
    'template',
  ),
  optional(
    describeType('output', { inputs: { value: 'text', passages: 'passages' }, settings: { name: text } }),
    'passages',
  ),
];
const nodeTypes = new Map(descriptions.map((description) => [description.type, description]));

type Nodes = Record<string, readonly [type: string, settings?: FlowNode['settings']]>;

function draw(nodes: Nodes, ...wires: string[]): FlowDocument {
  return {
    format: 'kumiki/flow@1',
    name: 'Test',
    nodes: Object.fromEntries(
      Object.entries(nodes).map(([id, [type, settings = {}]], place) => [
        id,
        { type, version: 1, settings, position: { x: place * 180, y: 0 } },
      ]),
    ),
    edges: wires.map((wire) => {
      const [from = '', to = ''] = wire.split(' > ');
      return { from, to };
    }),
    notes: [],
    groups: [],
  };
}

const open = (document: FlowDocument) => createFlowStore({ id: 'flow', document, revision: 1, nodeTypes });

const plain = draw(
  {
    question: ['input', { name: 'question' }],
    prompt: ['prompt/template', { system: 'Be kind.' }],
    chat: ['model/chat', { model: 'small' }],
    answer: ['generate/llm', { temperature: 0 }],
    output: ['output', { name: 'base' }],
  },
  ...['question.value > prompt.question', 'prompt.prompt > answer.prompt', 'chat.model > answer.model'],
  'answer.answer > output.value',
);

const retrieving = draw(
  {
    load: ['load/files', { collection: 'help' }],
    chunk: ['chunk/recursive'],
    embedder: ['model/embedding', { model: 'e5' }],
    embed: ['embed'],
    index: ['index/pgvector'],
    question: ['input', { name: 'question' }],
    search: ['retrieve/hybrid', { limit: 5 }],
    prompt: ['prompt/template', { system: 'Only from passages.', template: 'P: {{passages}}\nQ: {{question}}' }],
    chat: ['model/chat', { model: 'small' }],
    answer: ['generate/llm', { temperature: 0 }],
    output: ['output', { name: 'help' }],
  },
  ...['load.documents > chunk.documents', 'chunk.chunks > embed.chunks', 'embedder.model > embed.model'],
  ...['embed.vectors > index.vectors', 'embedder.model > index.model', 'index.index > search.index'],
  ...['question.value > search.query', 'search.passages > prompt.passages', 'question.value > prompt.question'],
  ...['prompt.prompt > answer.prompt', 'chat.model > answer.model', 'answer.answer > output.value'],
  'search.passages > output.passages',
);

function complete(document: FlowDocument) {
  const done = addMissingArms(open(document).getState(), 'ja');
  if (done === null) throw new Error('Nothing was added');
  const arms = readArms(deriveFlow({ ...open(done.document).getState() }).graph);
  return { ...done, of: new Map(arms.map((arm) => [arm.kind, arm])), problems: checkFlow(done.document, nodeTypes) };
}

const countTypes = ({ nodes }: FlowDocument, type: string) =>
  Object.values(nodes).filter((node) => node.type === type).length;

test('to RAG alone come the base model and both tuned ones, on the same model and the same index', () => {
  const { document, arms, of, problems } = complete(retrieving);
  expect(arms).toEqual(['base', 'tuned', 'tunedRag']);
  expect(problems).toEqual([]);
  expect([...of.keys()].sort()).toEqual(['base', 'rag', 'tuned', 'tunedRag']);
  expect(of.get('base')?.model).toEqual({ node: 'chat', port: 'model' });
  expect(of.get('tunedRag')?.passages).toEqual({ node: 'search', port: 'passages' });
  expect(countTypes(document, 'index/pgvector')).toBe(1);
  expect(countTypes(document, 'load/conversations')).toBe(1);
  expect(countTypes(document, 'finetune/lora')).toBe(2);
});

test('each tuned model learns in the words in which it is asked, the retrieving one with as many passages', () => {
  const { document, of } = complete(retrieving);
  for (const kind of ['tuned', 'tunedRag'] as const) {
    const arm = of.get(kind);
    const tuner = arm?.tuner;
    expect(tuner?.incoming.find(({ to }) => to.port === 'template')?.from.node).toBe(arm?.prompt.node);
    expect(tuner?.incoming.find(({ to }) => to.port === 'model')?.from.node).toBe('chat');
  }
  const withPassages = Object.values(document.nodes).find(({ type }) => type === 'dataset/with-passages');
  expect(withPassages?.settings).toEqual({ passages: 5 });
});

test('the prompt without passages keeps the question and nothing that is said about passages', () => {
  const { document, of } = complete(retrieving);
  const asked = document.nodes[of.get('base')?.prompt.node ?? ''];
  expect(asked?.settings.template).toBe('{{question}}');
  expect(asked?.settings.system).not.toContain('passages');
});

test('to the base model alone come a search in documents and conversations to learn from', () => {
  const { document, arms, of, problems } = complete(plain);
  expect(arms).toEqual(['rag', 'tuned', 'tunedRag']);
  expect(problems).toEqual([]);
  expect(of.get('rag')?.model).toEqual({ node: 'chat', port: 'model' });
  expect(
    of
      .get('rag')
      ?.output.incoming.map(({ to }) => to.port)
      .sort(),
  ).toEqual(['passages', 'value']);
  expect(countTypes(document, 'load/files')).toBe(1);
  expect(of.get('tuned')?.prompt).toEqual({ node: 'prompt', port: 'prompt' });
});

test('a flow with a tuned arm gives its data, its settings and its base to the others', () => {
  const tuned = draw(
    {
      ...Object.fromEntries(Object.entries(plain.nodes).map(([id, { type, settings }]) => [id, [type, settings]])),
      talks: ['load/conversations', { collection: 'chats' }],
      data: ['dataset/from-conversations'],
      tune: ['finetune/lora', { epochs: 8 }],
    },
    ...plain.edges.filter(({ from }) => from !== 'chat.model').map(({ from, to }) => `${from} > ${to}`),
    ...['talks.conversations > data.conversations', 'data.dataset > tune.dataset', 'chat.model > tune.model'],
    ...['prompt.template > tune.template', 'tune.model > answer.model'],
  );
  const { document, arms, of, problems } = complete(tuned);
  expect(arms).toEqual(['base', 'rag', 'tunedRag']);
  expect(problems).toEqual([]);
  expect(of.get('base')?.model.node).toBe('chat');
  expect(of.get('tunedRag')?.tuner?.node.settings).toEqual({ epochs: 8 });
  expect(countTypes(document, 'load/conversations')).toBe(1);
});

test('arms answer within the same limits as those that were there, and no name is given twice', () => {
  const named = {
    ...retrieving,
    nodes: { ...retrieving.nodes, output: { ...retrieving.nodes.output, settings: { name: 'base' } } },
  };
  const { document, of } = complete(named as FlowDocument);
  for (const { generator } of of.values()) expect(generator.node.settings).toEqual({ temperature: 0 });
  const names = Object.values(document.nodes)
    .filter(({ type }) => type === 'output')
    .map(({ settings }) => settings.name);
  expect(new Set(names).size).toBe(4);
  expect(names).toContain('base-2');
});

test('what was drawn stays where it is, and nothing new lies on anything else', () => {
  const { document, added } = complete(retrieving);
  for (const [id, node] of Object.entries(retrieving.nodes)) expect(document.nodes[id]).toBe(node);
  const places = Object.values(document.nodes).map(({ position }) => position);
  const apart = (one: (typeof places)[number], other: (typeof places)[number]) =>
    Math.abs(one.x - other.x) >= nodeWidth || Math.abs(one.y - other.y) >= 82;
  for (const [place, one] of places.entries()) {
    for (const other of places.slice(place + 1)) expect(apart(one, other), JSON.stringify([one, other])).toBe(true);
  }
  // New nodes of one type stand one below the other, and wires between new nodes of one block lead to the right.
  for (const type of ['generate/llm', 'finetune/lora', 'output']) {
    const columns = added.filter((id) => document.nodes[id]?.type === type).map((id) => document.nodes[id]?.position.x);
    expect(new Set(columns).size, type).toBe(1);
  }
  const isNew = new Set(added);
  for (const { from, to } of document.edges) {
    const [source, target] = [parsePortAddress(from).node, parsePortAddress(to).node];
    const crosses = document.nodes[source]?.type === 'finetune/lora' || target.startsWith('lora');
    if (!isNew.has(source) || !isNew.has(target) || crosses) continue;
    expect(document.nodes[source]?.position.x, `${from} > ${to}`).toBeLessThan(document.nodes[target]?.position.x ?? 0);
  }
});

test('all of it is one step of undo; a second time there is nothing to add', () => {
  const store = open(retrieving);
  expect(store.getState().addMissingArms()).toHaveLength(3);
  expect(store.getState().selected.size).toBeGreaterThan(0);
  const complete = store.getState().document;
  expect(store.getState().addMissingArms()).toEqual([]);
  expect(store.getState().document).toBe(complete);
  store.getState().undo();
  expect(store.getState().document).toBe(retrieving);
});

test('without an arm there is nothing to start from', () => {
  expect(addMissingArms(open(draw({ question: ['input', { name: 'question' }] })).getState(), 'en')).toBeNull();
});
