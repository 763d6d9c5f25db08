import type { FlowDocument, JsonValue } from '@kumiki/flow';
import {
  type AdapterValue,
  type ChatModelValue,
  defineArtifact,
  defineLoader,
  defineNode,
  type NodeType,
  port,
} from '@kumiki/node-sdk';
import { buildFlowDocument, didRun, findEndState } from '@kumiki/testkit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { RunEvent } from './index.ts';
import { drawRag, TestBench } from './testing/bench.ts';
import { chunkLines } from './testing/nodes.ts';

const words = (text: string) => ({ en: text, ja: text });
const shared = { version: 1, behaviour: 1, description: words('For tests.'), settingTexts: {} } as const;

const chatModel = defineNode({
  ...shared,
  type: 'model/chat',
  effect: 'reads',
  title: words('Chat model'),
  settings: z.object({}),
  inputs: {},
  outputs: { model: port.chatModel() },
  async identify({ context }) {
    return { value: { digest: (await context.models.inspect('here', 'fake-chat')).digest }, covers: [] };
  },
  async run({ context }) {
    const { digest } = await context.models.inspect('here', 'fake-chat');
    return { model: { host: 'here', name: 'fake-chat', digest, adapter: null, template: null, contextLength: null } };
  },
});

/** Tunes on what an index was made from, as on a data set. */
const tune = defineArtifact({
  ...shared,
  type: 'finetune/fake',
  effect: 'pure',
  held: true,
  title: words('Tune'),
  settings: z.object({ steps: z.int().default(20) }),
  settingTexts: { steps: { title: words('Steps') } },
  inputs: { data: port.index(), base: port.chatModel(), template: port.promptTemplate() },
  outputs: { model: port.chatModel() },
  async make({ inputs }) {
    const model: ChatModelValue = { ...inputs.base, adapter: makeAdapter(`adapter-${inputs.data.generation}`) };
    return { outputs: { model }, contents: [] };
  },
});

function makeAdapter(digest: string): AdapterValue {
  return { digest, files: [], base: 'sha256:base', prompt: null };
}

const askTuned = defineNode({
  ...shared,
  type: 'generate/tuned',
  effect: 'pure',
  title: words('Ask'),
  settings: z.object({ temperature: z.number().default(0) }),
  settingTexts: { temperature: { title: words('Temperature') } },
  inputs: { model: port.chatModel(), prompt: port.messages() },
  outputs: { text: port.text() },
  async run({ inputs }) {
    return { text: inputs.model.adapter?.digest ?? 'none' };
  },
});

/** When each file was written, and what is in it; like a folder, it knows no hash before it has read. */
const folder = new Map<string, { readonly at: number; readonly text: string }>();
const loadFolder = defineLoader({
  ...shared,
  type: 'load/files',
  title: words('Load'),
  settings: z.object({ collection: z.string() }),
  settingTexts: { collection: { title: words('Folder') } },
  async list() {
    return [...folder].map(([name, { at }]) => ({ id: name, name, identity: String(at), contentHash: null }));
  },
  async *read({ ids }) {
    for (const [name, { text }] of folder) {
      if (ids !== 'all' && !ids.includes(name)) continue;
      const document = { id: name, name, mediaType: 'text/plain', contentHash: `hash of ${text}`, metadata: {} };
      yield { document, items: [{ text, headings: [], pages: [] }] };
    }
  },
});

function drawTuned(): FlowDocument {
  return drawRag()
    .node('base', 'model/chat')
    .node('tune', 'finetune/fake')
    .node('ask', 'generate/tuned')
    .node('tuned', 'output', { name: 'tuned' })
    .wire('index.index', 'tune.data')
    .wire('base.model', 'tune.base')
    .wire('prompt.template', 'tune.template')
    .wire('tune.model', 'ask.model')
    .wire('prompt.prompt', 'ask.prompt')
    .wire('ask.text', 'tuned.value')
    .build();
}

function openBench(...nodeTypes: readonly NodeType[]): TestBench {
  const bench = new TestBench(chatModel, tune, askTuned, ...nodeTypes);
  for (const name of ['a.txt', 'b.txt', 'c.txt']) bench.files.set(name, `${name}の文書です。`);
  return bench;
}

function change(id: string, part: Partial<FlowDocument['nodes'][string]>): FlowDocument {
  const document = drawTuned();
  const node = document.nodes[id];
  if (node === undefined) throw new Error(`No node ${id}`);
  return { ...document, nodes: { ...document.nodes, [id]: { ...node, ...part } } };
}

function set(id: string, settings: Record<string, JsonValue>): FlowDocument {
  return change(id, { settings: { ...drawTuned().nodes[id]?.settings, ...settings } });
}

function raise(type: NodeType): NodeType {
  return { ...type, description: { ...type.description, behaviour: type.description.behaviour + 1 } };
}

function listStarted(events: readonly RunEvent[]): readonly string[] {
  return [...new Set(events.flatMap((event) => (event.type === 'node-start' ? [event.node] : [])))].toSorted();
}

type Cause = {
  readonly cause: string;
  readonly document?: FlowDocument;
  readonly happen?: (bench: TestBench) => void;
  /** What works again, sorted. */
  readonly runs: readonly string[];
  /** Whether the tuned model is kept although its data has changed. */
  readonly stale?: true;
};

const indexing = ['chunk', 'embed', 'index', 'load'];

const causes: readonly Cause[] = [
  { cause: 'nothing', runs: [] },
  { cause: 'a title', document: change('index', { title: '別の名前' }), runs: [] },
  { cause: 'a place on the canvas', document: change('tune', { position: { x: 5, y: 5 } }), runs: [] },
  { cause: 'a setting put back to its default', document: set('index', { note: '' }), runs: [] },
  { cause: 'a setting of the search', document: set('search', { limit: 9 }), runs: [] },
  { cause: 'a setting of the answer', document: set('ask', { temperature: 1 }), runs: [] },
  { cause: 'a setting of the chunks', document: set('chunk', { prefix: '>' }), runs: [...indexing, 'tune'] },
  { cause: 'a setting of the index', document: set('index', { note: 'x' }), runs: [...indexing, 'tune'] },
  { cause: 'a setting of the tuning', document: set('tune', { steps: 30 }), runs: ['tune'] },
  { cause: 'the prompt', document: set('prompt', { template: '{{passages}}{{question}}!' }), runs: ['tune'] },
  { cause: 'what chunking does', happen: (bench) => bench.upgrade(raise(chunkLines)), runs: [...indexing, 'tune'] },
  { cause: 'what tuning does', happen: (bench) => bench.upgrade(raise(tune)), runs: ['tune'] },
  {
    cause: 'the embedding model',
    happen: (bench) => bench.host.changeDigest('fake-embedding', 'sha256:other'),
    runs: [...indexing, 'model', 'tune'],
  },
  {
    cause: 'the model that is tuned',
    happen: (bench) => bench.host.changeDigest('fake-chat', 'sha256:other'),
    runs: ['base', 'tune'],
  },
  { cause: 'one document more', happen: ({ files }) => files.set('d.txt', '新しい。'), runs: indexing, stale: true },
  { cause: 'another text', happen: ({ files }) => files.set('a.txt', '新しい。'), runs: indexing, stale: true },
  { cause: 'one document less', happen: ({ files }) => files.delete('a.txt'), runs: ['index'], stale: true },
];

describe('a build makes again exactly what depends on what has changed', () => {
  it.each(causes)('$cause', async ({ document = drawTuned(), happen, runs, stale }) => {
    const bench = openBench();
    const before = await bench.build(drawTuned());
    expect(listStarted(before.events)).toEqual(['base', 'chunk', 'embed', 'index', 'load', 'model', 'tune']);
    happen?.(bench);
    const after = await bench.build(document);
    expect(after.result.state).toBe('succeeded');
    expect(listStarted(after.events)).toEqual([...runs].toSorted());
    expect(after.build.nodes.tune?.stale).toBe(stale);
    const isSame = runs.length === 0;
    expect(after.build.nodes.index?.fingerprint === before.build.nodes.index?.fingerprint).toBe(
      isSame || !runs.includes('index'),
    );
    // What was made is found: the same again makes nothing.
    expect(listStarted((await bench.build(document)).events)).toEqual([]);
  });

  it('a file that was only touched: it is read again, and what is made of the index stays as it is', async () => {
    folder.clear();
    folder.set('a.txt', { at: 1, text: '窓口' }).set('b.txt', { at: 1, text: '時間' });
    const bench = openBench(loadFolder);
    const before = await bench.build(drawTuned());
    folder.set('a.txt', { at: 2, text: '窓口' });
    bench.host.embeddedTexts.length = 0;
    const after = await bench.build(drawTuned());
    expect(listStarted(after.events)).toEqual(indexing);
    expect(bench.host.embeddedTexts).toEqual(['窓口']);
    expect(after.build.nodes).toEqual(before.build.nodes);
    expect(listStarted((await bench.build(drawTuned())).events)).toEqual([]);
  });
});

describe('tuning is held', () => {
  it('until it is asked for, and then until its data changes again', async () => {
    const bench = openBench();
    const first = await bench.build(drawTuned());
    bench.files.set('a.txt', '新しい。');
    const held = await bench.build(drawTuned());
    expect(held.build.nodes.tune).toEqual({ ...first.build.nodes.tune, stale: true });
    const end = held.events.find((event) => event.type === 'node-end' && event.node === 'tune');
    expect(end).toMatchObject({ state: 'reused', warnings: [{ code: 'kept-stale' }] });

    const retrained = await bench.build(drawTuned(), { retrain: ['tune'] });
    expect(listStarted(retrained.events)).toEqual(['tune']);
    expect(retrained.build.nodes.tune).not.toHaveProperty('stale');
    expect(retrained.build.nodes.tune?.fingerprint).not.toBe(first.build.nodes.tune?.fingerprint);
    const again = await bench.build(drawTuned());
    expect(again.build.nodes.tune).toEqual(retrained.build.nodes.tune);

    bench.files.set('a.txt', 'さらに新しい。');
    const later = await bench.build(drawTuned());
    expect(later.build.nodes.tune).toEqual({ ...retrained.build.nodes.tune, stale: true });
  });

  it('and not stale where the data is again what it was tuned on', async () => {
    const bench = openBench();
    const first = await bench.build(drawTuned());
    bench.files.set('d.txt', '新しい。');
    await bench.build(drawTuned());
    bench.files.delete('d.txt');
    const back = await bench.build(drawTuned(), { retrain: ['tune'] });
    expect(back.build.nodes.tune).toEqual(first.build.nodes.tune);
    expect(findEndState(back.events, 'tune')).toBe('reused');
  });

  it('within another flow too, by its own path or by that of the flow', async () => {
    const bench = openBench();
    bench.freeze('tuned', 1, drawTuned());
    const outer = buildFlowDocument()
      .node('q', 'input', { name: 'q' })
      .node('inner', 'logic/subflow', { flow: 'tuned', version: 1, output: 'tuned' })
      .node('reply', 'output', { name: 'reply' })
      .wire('q.value', 'inner.question')
      .wire('inner.value', 'reply.value')
      .build();
    const first = await bench.build(drawTuned());
    bench.files.set('a.txt', '新しい。');
    const held = await bench.build(outer);
    expect(held.build.nodes['inner/tune']).toEqual({ ...first.build.nodes.tune, stale: true });
    for (const [path, text] of [
      ['inner/tune', '新しい。'],
      ['inner', 'さらに新しい。'],
    ] as const) {
      bench.files.set('a.txt', text);
      const retrained = await bench.build(outer, { retrain: [path] });
      expect(didRun(retrained.events, 'inner/tune')).toBe(true);
    }
  });

  it('for questions that name no build, as for builds', async () => {
    const bench = openBench();
    await bench.build(drawTuned());
    bench.files.set('a.txt', '新しい。');
    const { build } = await bench.build(drawTuned());
    expect((await bench.find(drawTuned())).nodes).toEqual(build.nodes);
  });

  it('and nothing else is: asking for it is refused, and so is a node that is not there', async () => {
    const bench = openBench();
    const refused = await bench.build(drawTuned(), { retrain: ['index'] });
    expect(refused.result).toMatchObject({ state: 'failed', error: { code: 'not-held', node: 'index' } });
    const unknown = await bench.build(drawTuned(), { retrain: ['gone'] });
    expect(unknown.result).toMatchObject({ state: 'failed', error: { code: 'node-unknown', path: '/retrain' } });
  });
});
