import { describe, expect, it } from 'vitest';
import { bindGraph, findBindingTimes } from './binding-time.ts';
import { checkFlow } from './check-flow.ts';
import type { FlowDocument } from './document.ts';
import { readGraph } from './flow-graph.ts';
import { inlineFlows } from './inline-flows.ts';
import { hasBuildPart, listFlowReferences, readNamedFlows } from './read-named-flows.ts';
import { describeType, drawFlow, drawSearch, inputPort, nodeTypes, outputPort } from './testing/node-types.ts';

const settingsSchema = {
  type: 'object',
  properties: {
    flow: { type: 'string' },
    version: { type: 'integer' },
    output: { type: 'string', default: 'answer' },
    item: { type: 'string', default: '' },
  },
};
const rule = { rule: 'named-flow', flow: 'flow', version: 'version', output: 'output' } as const;
const types = new Map(nodeTypes)
  .set(
    'logic/subflow',
    describeType('logic/subflow', { family: 'logic', settingsSchema, portRules: [{ ...rule, item: null }] }),
  )
  .set(
    'logic/map',
    describeType('logic/map', {
      family: 'logic',
      settingsSchema,
      inputs: { items: inputPort('json') },
      outputs: { results: outputPort('json') },
      portRules: [{ ...rule, item: 'item' }],
    }),
  );

/** Two inputs; one output hangs on them, the other on what is built. */
const library = drawFlow(
  {
    question: ['input', { name: 'question' }],
    tone: ['input', { name: 'tone', kind: 'json' }],
    load: ['load/files'],
    chunk: ['chunk/lines'],
    index: ['index/plain'],
    search: ['retrieve/plain'],
    answer: ['output', { name: 'answer' }],
    first: ['logic/first'],
    echo: ['output', { name: 'echo' }],
  },
  'load.documents > chunk.documents',
  'chunk.chunks > index.chunks',
  'index.index > search.index',
  'question.value > search.query',
  'search.passages > answer.value',
  'tone.value > first.a',
  'first.value > echo.value',
);

function readFlows(versions: Readonly<Record<string, FlowDocument>> = { 'library@1': library }) {
  return readNamedFlows(new Map(Object.entries(versions)), types);
}

const caller = drawFlow(
  {
    asked: ['input', { name: 'asked' }],
    help: ['logic/subflow', { flow: 'library', version: 1 }],
    reply: ['output', { name: 'reply' }],
  },
  'asked.value > help.question',
  'help.value > reply.value',
);

describe('a node that names a flow', () => {
  it('has its inputs, and what reaches the output that is named', () => {
    const ports = readGraph(caller, types, readFlows()).nodes.get('help')?.ports;
    expect(Object.entries(ports?.inputs ?? {}).map(([name, { kinds }]) => [name, kinds])).toEqual([
      ['question', ['text']],
      ['tone', ['json']],
    ]);
    expect(ports?.outputs).toMatchObject({ value: { kind: 'passages', static: false } });
    expect(listFlowReferences(caller, types)).toEqual([{ flow: 'library', version: 1 }]);
  });

  it('asked for every item, leaves the input that gets the item to itself', () => {
    const each = drawFlow({ each: ['logic/map', { flow: 'library', version: 1, item: 'question' }] });
    const { nodes } = readGraph(each, types, readFlows());
    expect(Object.keys(nodes.get('each')?.ports.inputs ?? {})).toEqual(['items', 'tone']);
    expect(Object.keys(nodes.get('each')?.ports.outputs ?? {})).toEqual(['results']);
    expect(findBindingTimes(each, types, readFlows()).nodes.get('each')).toBe('request');
  });

  it('has to say which input gets the item, unless there is only one', () => {
    const draw = (flow: string) =>
      drawFlow(
        {
          list: ['input', { name: 'list', kind: 'json' }],
          each: ['logic/map', { flow, version: 1 }],
          reply: ['output', { name: 'reply' }],
        },
        'list.value > each.items',
        'each.results > reply.value',
      );
    const flows = readFlows({ 'library@1': library, 'search@1': drawSearch() });
    expect(checkFlow(draw('search'), types, flows)).toEqual([]);
    expect(checkFlow(draw('library'), types, flows).map(({ code }) => code)).toContain('unknown-flow-input');
  });

  it('is told of its missing wires, and of none where its flow is not known', () => {
    const codesOf = (document: FlowDocument, flows = readFlows()) =>
      checkFlow(document, types, flows).map(({ code, node }) => `${code} ${node}`);
    const echoing = drawFlow(
      {
        asked: ['input', { name: 'asked' }],
        help: ['logic/subflow', { flow: 'library', version: 1, output: 'echo' }],
        reply: ['output', { name: 'reply' }],
      },
      'asked.value > help.question',
      'help.value > reply.value',
    );
    expect(codesOf(echoing)).toEqual(['missing-input help']);
    // Its answer needs the question alone, and not the tone of the other output.
    expect(codesOf(caller)).toEqual([]);
    expect(codesOf(caller, readFlows({}))).toEqual(['unknown-flow-version help']);
    expect(codesOf(caller, readNamedFlows(new Map(), types, new Set(['library@1'])))).toEqual([]);
  });

  it('is told where its flow has an input of the name of its own, and where there are too many', () => {
    const items = drawFlow(
      {
        item: ['input', { name: 'item' }],
        items: ['input', { name: 'items' }],
        answer: ['output', { name: 'answer' }],
      },
      'item.value > answer.value',
    );
    const each = drawFlow({ each: ['logic/map', { flow: 'items', version: 1, item: 'item' }] });
    const codesOf = (document: FlowDocument, flows: ReturnType<typeof readFlows>) =>
      checkFlow(document, types, flows).map(({ code, node }) => `${code} ${node}`);
    expect(codesOf(each, readFlows({ 'items@1': items }))).toContain('unknown-flow-input each');

    const wide = drawFlow(
      Object.fromEntries(Array.from({ length: 1_500 }, (_, place) => [`n${place}`, ['load/files']] as const)),
    );
    const twice = drawFlow({
      one: ['logic/subflow', { flow: 'wide', version: 1 }],
      two: ['logic/subflow', { flow: 'wide', version: 1 }],
    });
    const recursive = codesOf(twice, readFlows({ 'wide@1': wide })).filter((code) => code.startsWith('recursive'));
    expect(recursive).toEqual(['recursive-flow two']);
  });

  it('has something built where its flow has', () => {
    const straight = drawFlow(
      { q: ['input', { name: 'question' }], answer: ['output', { name: 'answer' }] },
      'q.value > answer.value',
    );
    const isBuilt = (inner: FlowDocument) => {
      const flows = readFlows({ 'library@1': inner });
      const graph = readGraph(caller, types, flows);
      return hasBuildPart(graph, bindGraph(graph), flows);
    };
    expect([isBuilt(library), isBuilt(straight)]).toEqual([true, false]);
  });

  it('passes on what changes with every question, also where its ports are not known', () => {
    const times = findBindingTimes(caller, types, readFlows({}));
    expect(times.nodes.get('help')).toBe('request');
    const behind = drawFlow(
      { asked: ['input', { name: 'asked' }], help: ['logic/subflow', {}], next: ['logic/first'] },
      'asked.value > help.question',
      'help.value > next.a',
    );
    expect(findBindingTimes(behind, types).nodes.get('next')).toBe('request');
  });

  it('gives at build time what no input of its flow reaches', () => {
    const models = drawFlow(
      {
        question: ['input', { name: 'question' }],
        act: ['logic/act'],
        first: ['logic/first'],
        both: ['output', { name: 'answer' }],
      },
      'act.text > first.a',
      'first.value > both.value',
    );
    const document = drawFlow(
      {
        asked: ['input', { name: 'asked' }],
        help: ['logic/subflow', { flow: 'library', version: 1 }],
      },
      'asked.value > help.question',
    );
    const flows = readFlows({ 'library@1': models });
    expect(findBindingTimes(document, types, flows).outputs.get('help.value')).toBe('build');
  });
});

describe('inlining', () => {
  it('leads wires through the border of a flow, and brings only what leads to the output', () => {
    const { document } = inlineFlows(caller, types, readFlows());
    expect(Object.keys(document.nodes).toSorted()).toEqual([
      'asked',
      'help/chunk',
      'help/index',
      'help/load',
      'help/search',
      'reply',
    ]);
    expect(document.edges).toContainEqual({ from: 'asked.value', to: 'help/search.query' });
    expect(document.edges).toContainEqual({ from: 'help/search.passages', to: 'reply.value' });
  });

  it('goes straight through a flow in which an input is an output', () => {
    const straight = drawFlow(
      { q: ['input', { name: 'question' }], answer: ['output', { name: 'answer' }] },
      'q.value > answer.value',
    );
    const { document } = inlineFlows(caller, types, readFlows({ 'library@1': straight }));
    expect(document.edges).toEqual([{ from: 'asked.value', to: 'reply.value' }]);
  });

  it('keeps the border of a flow that is asked for every item', () => {
    const each = drawFlow(
      {
        list: ['input', { name: 'list', kind: 'json' }],
        each: ['logic/map', { flow: 'library', version: 1, item: 'question' }],
      },
      'list.value > each.items',
    );
    const { document, bodies } = inlineFlows(each, types, readFlows());
    expect(bodies.get('each')).toEqual({
      item: 'question',
      output: 'each/answer',
      inputs: new Map([['question', 'each/question']]),
    });
    expect(document.edges).toContainEqual({ from: 'each/question.value', to: 'each/search.query' });
  });

  it('leaves a document alone that names no flow', () => {
    expect(inlineFlows(library, types, readFlows()).document).toBe(library);
  });
});
