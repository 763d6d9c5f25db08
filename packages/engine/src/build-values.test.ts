import { defineArtifact, defineNode, KumikiError, port } from '@kumiki/node-sdk';
import { buildFlowDocument, didRun, findEndState } from '@kumiki/testkit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { drawRag, TestBench } from './testing/bench.ts';

const words = (text: string) => ({ en: text, ja: text });
const shared = {
  version: 1,
  behaviour: 1,
  title: words('Value'),
  description: words('For tests.'),
  settings: z.object({}),
  settingTexts: {},
} as const;

/** Of a node that reads from outside and puts out a text. */
const readsText = { ...shared, effect: 'reads', inputs: {}, outputs: { text: port.text() } } as const;

/** question and a value from build time, joined in an output of their own. */
function drawValue(type: string) {
  return buildFlowDocument()
    .node('value', type)
    .node('answer', 'output', { name: 'answer' })
    .wire('value.text', 'answer.value');
}

describe('values of a build', () => {
  it('are computed once, kept, and used by every question', async () => {
    let computed = 0;
    const constant = defineNode({
      ...shared,
      type: 'generate/constant',
      effect: 'pure',
      inputs: {},
      outputs: { text: port.text() },
      async run() {
        computed += 1;
        return { text: 'いつも同じ' };
      },
    });
    const bench = new TestBench(constant);
    const document = drawValue('generate/constant').build();
    const { build } = await bench.build(document);
    const again = await bench.build(document);
    expect(findEndState(again.events, 'value')).toBe('reused');
    const { result } = await bench.ask(document, build, {});
    expect(result).toMatchObject({ outputs: { answer: { value: 'いつも同じ' } } });
    expect(computed).toBe(1);
    expect(JSON.parse(JSON.stringify(build))).toEqual(build);
  });

  it('are read anew by every build where the node cannot say what it reads', async () => {
    let text = 'old';
    const reader = defineNode({
      ...readsText,
      type: 'generate/reader',
      run: async () => ({ text }),
    });
    const bench = new TestBench(reader);
    const document = drawValue('generate/reader').build();
    const first = await bench.build(document);
    text = 'new';
    const second = await bench.build(document);
    expect(didRun(second.events, 'value')).toBe(true);
    expect(second.build.nodes.value?.fingerprint).not.toBe(first.build.nodes.value?.fingerprint);
    expect(second.build.nodes.value?.lineage).toBe(first.build.nodes.value?.lineage);
    expect((await bench.ask(document, first.build, {})).result).toMatchObject({
      outputs: { answer: { value: 'old' } },
    });
  });

  it('keep the host of a model apart, though both hosts make the same index', async () => {
    const draw = (host: string) =>
      drawRag()
        .node('model', 'model/embedding', { host })
        .node('name', 'generate/name')
        .node('which', 'output', { name: 'which' })
        .wire('model.model', 'name.model')
        .wire('question.value', 'name.text')
        .wire('name.text', 'which.value')
        .build();
    const name = defineNode({
      ...shared,
      type: 'generate/name',
      effect: 'pure',
      inputs: { model: port.embeddingModel(), text: port.text() },
      outputs: { text: port.text() },
      run: async ({ inputs }) => ({ text: inputs.model.host }),
    });
    const bench = new TestBench(name);
    bench.files.set('a.txt', '一');
    const here = await bench.build(draw('here'));
    const there = await bench.build(draw('there'));
    expect(findEndState(there.events, 'index')).toBe('reused');
    // Questions are embedded by the host of today: that of the first build may be gone.
    expect(there.build.nodes.index?.outputs.index).toEqual({
      ...Object(here.build.nodes.index?.outputs.index),
      embeddingModel: there.build.nodes.model?.outputs.model,
    });
    expect((await bench.find(draw('there'))).nodes).toEqual(there.build.nodes);
    expect(there.build.identities.model).toEqual(here.build.identities.model);
    const { result } = await bench.ask(draw('there'), there.build, { question: 'どこ' }, { output: 'which' });
    expect(result).toMatchObject({ outputs: { which: { value: 'there' } } });
  });

  it('are thrown away where what they name changed while they were being made', async () => {
    let weights = 'small';
    const model = defineNode({
      ...readsText,
      type: 'generate/model',
      identify: async () => ({ value: weights, covers: [] }),
      async run() {
        weights = 'large';
        return { text: weights };
      },
    });
    const bench = new TestBench(model);
    const document = drawValue('generate/model').build();
    const first = await bench.build(document);
    expect(first.result).toMatchObject({ state: 'failed', error: { code: 'source-changed', node: 'value' } });
    const second = await bench.build(document);
    expect(second.build.nodes.value?.outputs).toEqual({ text: 'large' });
    expect(second.build.identities).toEqual({ value: 'large' });
  });

  it('are only stopped where another node fails while it is looked whether what they name has changed', async () => {
    const looking = Promise.withResolvers<void>();
    let looks = 0;
    const model = defineNode({
      ...readsText,
      type: 'generate/model',
      identify() {
        looks += 1;
        if (looks === 1) return Promise.resolve({ value: 'small', covers: [] });
        looking.resolve();
        return new Promise(() => undefined);
      },
      run: async () => ({ text: 'small' }),
    });
    const failing = defineNode({
      ...readsText,
      type: 'generate/failing',
      async run() {
        await looking.promise;
        throw new KumikiError({ code: 'no-documents', message: words('Empty.'), status: 422 });
      },
    });
    const bench = new TestBench(model, failing);
    const document = drawValue('generate/model')
      .node('other', 'generate/failing')
      .node('second', 'output', { name: 'second' })
      .wire('other.text', 'second.value')
      .build();
    const { events, result } = await bench.build(document);
    expect(result).toMatchObject({ state: 'failed', error: { code: 'no-documents', node: 'other' } });
    expect([findEndState(events, 'other'), findEndState(events, 'value')]).toEqual(['failed', 'cancelled']);
  });

  it('run a node that acts with every build, and keep nothing of it', async () => {
    const keys: string[] = [];
    const act = defineNode({
      ...shared,
      type: 'logic/act',
      effect: 'acts',
      inputs: {},
      outputs: { text: port.text() },
      async run({ context }) {
        keys.push(context.idempotencyKey);
        return { text: 'done' };
      },
    });
    const bench = new TestBench(act);
    const document = buildFlowDocument().node('act', 'logic/act').build();
    await bench.build(document);
    await bench.build(document);
    expect(keys).toEqual(['run-1/act', 'run-2/act']);
    expect(bench.artifacts.size).toBe(0);
  });

  it('skip at build time as well, and a question skips what hangs on them', async () => {
    const silent = defineNode({
      ...shared,
      type: 'generate/silent',
      effect: 'pure',
      inputs: {},
      outputs: { text: port.text() },
      run: async () => ({}),
    });
    const artifact = defineArtifact({
      ...shared,
      type: 'index/of-text',
      effect: 'pure',
      inputs: { text: port.text() },
      outputs: { value: port.json() },
      make: async () => ({ outputs: { value: 1 }, contents: [] }),
    });
    const bench = new TestBench(silent, artifact);
    const document = drawValue('generate/silent')
      .node('index', 'index/of-text')
      .wire('value.text', 'index.text')
      .build();
    const { result, build, events } = await bench.build(document);
    expect(result.state).toBe('succeeded');
    expect(findEndState(events, 'index')).toBe('skipped');
    expect((await bench.ask(document, build, {})).result).toMatchObject({ outputs: { answer: { state: 'skipped' } } });
  });

  it('fail a build when a list cannot be read, and remove nothing', async () => {
    const bench = new TestBench();
    bench.files.set('a.txt', '一');
    const document = drawRag().build();
    await bench.build(document);
    bench.services.collections.clear();
    const { result } = await bench.build(document);
    expect(result).toMatchObject({ state: 'failed', error: { code: 'collection-unknown', node: 'load' } });
    expect(bench.services.index.written).toEqual(['load/a.txt']);
  });
});
