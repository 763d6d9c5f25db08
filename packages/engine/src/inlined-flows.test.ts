import { defineNode, KumikiError, type NodeType, port } from '@kumiki/node-sdk';
import { buildFlowDocument, didRun, type FlowBuilder, findEndState } from '@kumiki/testkit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Build, createResources } from './index.ts';
import { drawRag, TestBench } from './testing/bench.ts';
import { hastyClock } from './testing/hasty-clock.ts';

const empty: Build = { nodes: {}, identities: {} };
const words = (text: string) => ({ en: text, ja: text });

/** Answers the questions to another flow. */
function drawCaller(version = 1, settings = {}) {
  return buildFlowDocument('Caller')
    .node('asked', 'input', { name: 'asked' })
    .node('helpdesk', 'logic/subflow', { flow: 'help', version, ...settings })
    .node('reply', 'output', { name: 'reply' })
    .wire('asked.value', 'helpdesk.question')
    .wire('helpdesk.value', 'reply.value')
    .wire('helpdesk.passages', 'reply.passages');
}

/** Echoes a word in the tone that it is told. */
function drawEcho() {
  return buildFlowDocument('Echo')
    .node('word', 'input', { name: 'word' })
    .node('tone', 'input', { name: 'tone' })
    .node('prompt', 'prompt/template', { template: '{{tone}}-{{word}}' })
    .node('say', 'generate/llm')
    .node('answer', 'output', { name: 'answer' })
    .wire('word.value', 'prompt.word')
    .wire('tone.value', 'prompt.tone')
    .wire('prompt.prompt', 'say.prompt')
    .wire('say.text', 'answer.value');
}

function drawEach(flow: string, item = 'word'): FlowBuilder {
  return buildFlowDocument('Each')
    .node('text', 'input', { name: 'text' })
    .node('each', 'logic/each-word', { flow, version: 1, item })
    .node('reply', 'output', { name: 'reply' })
    .wire('text.value', 'each.words')
    .wire('each.results', 'reply.value');
}

function fillBench(...nodeTypes: readonly NodeType[]): TestBench {
  const bench = new TestBench(...nodeTypes);
  bench.files.set('0.txt', '窓口は九時からです。');
  bench.freeze('help', 1, drawRag().build());
  bench.freeze('echo', 1, drawEcho().build());
  return bench;
}

describe('a flow within a flow', () => {
  it('is built along with the flow that names it, and finds what was built alone', async () => {
    const bench = fillBench();
    const alone = await bench.build(drawRag().build());
    const read = bench.services.readFiles.length;
    const { build, events } = await bench.build(drawCaller().build());
    expect(findEndState(events, 'helpdesk/index')).toBe('reused');
    expect(build.nodes['helpdesk/index']).toEqual(alone.build.nodes.index);
    expect(bench.services.readFiles).toHaveLength(read);
    expect((await bench.find(drawCaller().build())).nodes).toEqual(build.nodes);
  });

  it('makes what is missing, under the path of the node that names it', async () => {
    const bench = fillBench();
    const { build, events } = await bench.build(drawCaller().build());
    expect(didRun(events, 'helpdesk/load')).toBe(true);
    expect(Object.keys(build.nodes).toSorted()).toEqual(['helpdesk/index', 'helpdesk/model']);
    const alone = await bench.build(drawRag().build());
    expect(findEndState(alone.events, 'index')).toBe('reused');
  });

  it('answers with what reaches its output, passages and streamed text included', async () => {
    const bench = fillBench();
    const { build } = await bench.build(drawCaller().build());
    bench.host.script('九時です [1]。');
    const { result, events } = await bench.ask(drawCaller().build(), build, { asked: '何時から？' });
    expect(result).toMatchObject({
      state: 'succeeded',
      outputs: { reply: { state: 'answered', value: '九時です [1]。', citations: ['load/0.txt'] } },
    });
    const deltas = events.filter((event) => event.type === 'text-delta');
    expect(deltas.map(({ node, output }) => [node, output])).toContainEqual(['helpdesk/generate', 'reply']);
    expect(didRun(events, 'helpdesk/search')).toBe(true);
  });

  it('says which of its nodes is not built', async () => {
    const bench = fillBench();
    const { result } = await bench.ask(drawCaller().build(), empty, { asked: 'あ' });
    expect(result).toMatchObject({ state: 'failed', error: { code: 'not-built', node: 'helpdesk/index' } });
  });

  it('runs by its path alone: what is built of it, then what works at request time', async () => {
    const bench = fillBench();
    const caller = drawCaller().build();
    const built = await bench.build(caller, { only: ['helpdesk'] });
    expect(built.result.state).toBe('succeeded');
    expect(Object.keys(built.build.nodes).toSorted()).toEqual(['helpdesk/index', 'helpdesk/model']);
    const { result, events } = await bench.ask(caller, built.build, { asked: '窓口' }, { only: ['helpdesk'] });
    expect(result.state).toBe('succeeded');
    expect([didRun(events, 'helpdesk/generate'), didRun(events, 'reply')]).toEqual([true, false]);
    const unknown = await bench.build(caller, { only: ['help'] });
    expect(unknown.result).toMatchObject({ state: 'failed', error: { code: 'node-unknown', path: '/only' } });
  });

  it('brings along only what leads to the output that is named', async () => {
    const bench = fillBench();
    const flow = drawRag().node('plain', 'output', { name: 'plain' }).wire('question.value', 'plain.value').build();
    bench.freeze('help', 2, flow);
    const caller = buildFlowDocument()
      .node('asked', 'input', { name: 'asked' })
      .node('echo', 'logic/subflow', { flow: 'help', version: 2, output: 'plain' })
      .node('reply', 'output', { name: 'reply' })
      .wire('asked.value', 'echo.question')
      .wire('echo.value', 'reply.value')
      .build();
    const { build } = await bench.build(caller);
    expect(build.nodes).toEqual({});
    const { result } = await bench.ask(caller, build, { asked: 'あ' });
    expect(result).toMatchObject({ outputs: { reply: { value: 'あ' } } });
  });

  it('gives an index to a retriever outside, and one that is named twice is made once', async () => {
    const indexOutput = defineNode({
      type: 'output/index',
      version: 1,
      behaviour: 1,
      effect: 'pure',
      title: words('Index'),
      description: words('For tests.'),
      settings: z.object({ name: z.string() }),
      settingTexts: { name: { title: words('Name') } },
      inputs: { value: port.index() },
      outputs: {},
      run: async () => ({}),
    });
    const bench = fillBench(indexOutput);
    const library = drawRag().node('library', 'output/index', { name: 'library' }).wire('index.index', 'library.value');
    bench.freeze('library', 1, library.build());
    const caller = buildFlowDocument()
      .node('asked', 'input', { name: 'asked' })
      .node('one', 'logic/subflow', { flow: 'library', version: 1, output: 'library' })
      .node('two', 'logic/subflow', { flow: 'library', version: 1, output: 'library' });
    for (const name of ['one', 'two']) {
      caller
        .node(`search-${name}`, 'retrieve/dense')
        .node(`reply-${name}`, 'output', { name })
        .wire('asked.value', `${name}.question`)
        .wire('asked.value', `search-${name}.query`)
        .wire(`${name}.value`, `search-${name}.index`)
        .wire(`search-${name}.passages`, `reply-${name}.value`);
    }
    const { build, events } = await bench.build(caller.build());
    expect(['one', 'two'].map((name) => findEndState(events, `${name}/index`)).toSorted()).toEqual([
      'reused',
      'succeeded',
    ]);
    expect(bench.services.readFiles).toEqual(['0.txt']);
    const { result } = await bench.ask(caller.build(), build, { asked: '窓口' });
    expect(JSON.stringify(result)).toContain('load/0.txt');
  });

  it('may be named by a flow that is named itself', async () => {
    const bench = fillBench();
    bench.freeze('caller', 1, drawCaller().build());
    const outer = buildFlowDocument()
      .node('q', 'input', { name: 'q' })
      .node('desk', 'logic/subflow', { flow: 'caller', version: 1, output: 'reply' })
      .node('out', 'output', { name: 'out' })
      .wire('q.value', 'desk.asked')
      .wire('desk.value', 'out.value')
      .build();
    const { build } = await bench.build(outer);
    expect(Object.keys(build.nodes)).toContain('desk/helpdesk/index');
    const { result } = await bench.ask(outer, build, { q: '窓口' });
    expect(result.state).toBe('succeeded');
  });

  it('is refused where it comes back to itself, is not there, lacks the output or cannot run', () => {
    const bench = fillBench();
    bench.freeze('ring', 1, drawCaller(1, { flow: 'ring2', output: 'reply' }).build());
    bench.freeze('ring2', 1, drawCaller(1, { flow: 'ring', output: 'reply' }).build());
    bench.freeze('broken', 1, buildFlowDocument().node('answer', 'output', { name: 'answer' }).build());
    const plan = (settings: object) => () => bench.plan(drawCaller(1, settings).build());
    expect(plan({ flow: 'ring', output: 'reply' })).toThrow(expect.objectContaining({ node: 'helpdesk' }));
    const codesOf = (settings: object) => {
      try {
        plan(settings)();
        return null;
      } catch (error) {
        return Reflect.get(Object(error), 'problems')?.[0]?.code;
      }
    };
    expect(codesOf({ flow: 'ring', output: 'reply' })).toBe('recursive-flow');
    expect(codesOf({ flow: 'gone' })).toBe('unknown-flow-version');
    expect(codesOf({ output: 'other' })).toBe('unknown-flow-output');
    expect(codesOf({ flow: 'broken' })).toBe('unsound-flow');
  });

  it('is refused where flows stand too deep within each other', () => {
    const bench = fillBench();
    bench.freeze(
      'level',
      1,
      buildFlowDocument()
        .node('question', 'input', { name: 'question' })
        .node('answer', 'output', { name: 'answer' })
        .wire('question.value', 'answer.value')
        .build(),
    );
    for (let version = 2; version <= 9; version += 1) {
      bench.freeze(
        'level',
        version,
        buildFlowDocument()
          .node('question', 'input', { name: 'question' })
          .node('inner', 'logic/subflow', { flow: 'level', version: version - 1 })
          .node('answer', 'output', { name: 'answer' })
          .wire('question.value', 'inner.question')
          .wire('inner.value', 'answer.value')
          .build(),
      );
    }
    const draw = (version: number) =>
      buildFlowDocument()
        .node('question', 'input', { name: 'question' })
        .node('inner', 'logic/subflow', { flow: 'level', version })
        .node('answer', 'output', { name: 'answer' })
        .wire('question.value', 'inner.question')
        .wire('inner.value', 'answer.value')
        .build();
    expect(bench.plan(draw(8)).nodes.map(({ id }) => id)).toEqual(['question', 'answer']);
    expect(() => bench.plan(draw(9))).toThrow('too many flows within each other');
  });
});

describe('a flow asked for every item', () => {
  it('is asked once for each, with the other inputs as they are, and told of under the path of who asks', async () => {
    const bench = fillBench();
    const document = drawEach('echo').node('tone', 'input', { name: 'tone' }).wire('tone.value', 'each.tone').build();
    const { result, events } = await bench.ask(document, empty, { text: 'a b c', tone: 'soft' });
    expect(result).toMatchObject({ outputs: { reply: { value: 'soft-a soft-b soft-c' } } });
    expect(result.usage.completionTokens).toBe(18);
    expect(events.filter((event) => event.type === 'node-end' && event.node === 'each/say')).toHaveLength(3);
    expect(events.some((event) => event.type === 'text-delta')).toBe(false);
  });

  it('is built along, and no input or output of it becomes one of the flow', async () => {
    const bench = fillBench();
    const document = drawEach('help', 'question').build();
    expect([...bench.plan(document).arms.keys()]).toEqual(['reply']);
    expect([...bench.plan(document).inputs.keys()]).toEqual(['text']);
    const refused = await bench.ask(document, empty, { text: 'a' });
    expect(refused.result).toMatchObject({ error: { code: 'not-built', node: 'each/index' } });
    const { build } = await bench.build(document, { only: ['each'] });
    expect(Object.keys(build.nodes)).toEqual(['each/index']);
    bench.host.script('はい', 'いいえ');
    const { result } = await bench.ask(document, build, { text: '窓口 時間' });
    expect(result.state).toBe('succeeded');
    expect(bench.host.calls.chat).toBe(2);
  });

  it('fails as the node in it that failed, which was tried as often as it may be and no more', async () => {
    const keys: string[] = [];
    const flaky = defineNode({
      type: 'logic/flaky',
      version: 1,
      behaviour: 1,
      effect: 'pure',
      title: words('Flaky'),
      description: words('For tests.'),
      settings: z.object({}),
      settingTexts: {},
      inputs: { text: port.text() },
      outputs: { text: port.text() },
      async run({ inputs, context }) {
        keys.push(context.idempotencyKey);
        if (inputs.text === 'b') throw new KumikiError({ code: 'busy', message: words('Busy.'), retryable: true });
        return { text: inputs.text };
      },
    });
    const bench = fillBench(flaky);
    bench.freeze(
      'flaky',
      1,
      buildFlowDocument()
        .node('word', 'input', { name: 'word' })
        .node('try', 'logic/flaky')
        .node('answer', 'output', { name: 'answer' })
        .wire('word.value', 'try.text')
        .wire('try.text', 'answer.value')
        .build(),
    );
    const { result, events } = await bench.ask(
      drawEach('flaky').build(),
      empty,
      { text: 'a b' },
      { clock: hastyClock },
    );
    expect(result).toMatchObject({ state: 'failed', error: { code: 'busy', node: 'each/try' } });
    expect(keys).toEqual(['run-1/each/try#0', 'run-1/each/try#1', 'run-1/each/try#1', 'run-1/each/try#1']);
    expect(events.filter((event) => event.type === 'run-end')).toHaveLength(1);
    expect(findEndState(events, 'each')).toBe('cancelled');
  });

  it('needs no resource for itself, so that those within can have all there are', async () => {
    const bench = fillBench();
    bench.freeze(
      'outer',
      1,
      drawEach('echo').node('tone', 'input', { name: 'tone' }).wire('tone.value', 'each.tone').build(),
    );
    const document = buildFlowDocument()
      .node('text', 'input', { name: 'text' })
      .node('tone', 'input', { name: 'tone' })
      .node('rows', 'logic/each-word', { flow: 'outer', version: 1, item: 'text', output: 'reply' })
      .node('reply', 'output', { name: 'reply' })
      .wire('text.value', 'rows.words')
      .wire('tone.value', 'rows.tone')
      .wire('rows.results', 'reply.value')
      .build();
    const resources = createResources({ cpu: 1, gpu: 1, network: 1, database: 1 });
    const { result } = await bench.ask(document, empty, { text: 'a b', tone: 'x' }, { resources });
    expect(result).toMatchObject({ outputs: { reply: { value: 'x-a x-b' } } });
    expect(resources.tryAcquire(['network'])).toBe(true);
  });

  it('is cancelled with the run', async () => {
    const controller = new AbortController();
    const bench = fillBench();
    const chat = bench.host.chat.bind(bench.host);
    bench.host.chat = (request, signal) => {
      if (bench.host.calls.chat === 1) controller.abort('enough');
      return chat(request, signal);
    };
    const document = drawEach('echo').node('tone', 'input', { name: 'tone' }).wire('tone.value', 'each.tone').build();
    const { result, events } = await bench.ask(
      document,
      empty,
      { text: 'a b c', tone: 'x' },
      { signal: controller.signal },
    );
    expect(result.state).toBe('cancelled');
    expect(findEndState(events, 'each')).toBe('cancelled');
    expect(events.at(-1)).toMatchObject({ type: 'run-end', state: 'cancelled' });
  });
});
