import type { FlowDocument, FlowReference } from '@kumiki/flow';
import { expect, test } from 'vitest';
import { ApiError } from '../api/problem.ts';
import { describeType, testDocument, testTypes } from '../testing/test-flow.ts';
import { deriveFlow } from './derive-flow.ts';
import { createFlowStore } from './flow-store.ts';
import { followNamedFlows } from './follow-named-flows.ts';

const node = (type: string, settings = {}) => ({ type, version: 1, settings, position: { x: 0, y: 0 } });
const subflow = {
  ...describeType('logic/subflow', {}),
  settingsSchema: { type: 'object', properties: { output: { type: 'string', default: 'answer' } } },
  portRules: [{ rule: 'named-flow', flow: 'flow', version: 'version', output: 'output', item: null }] as const,
};
const nodeTypes = new Map(testTypes).set('logic/subflow', subflow);

const straight: FlowDocument = {
  ...testDocument,
  nodes: { question: node('input', { name: 'question' }), answer: node('output', { name: 'answer' }) },
  edges: [{ from: 'question.value', to: 'answer.value' }],
};
const around: FlowDocument = {
  ...straight,
  nodes: { ...straight.nodes, inner: node('logic/subflow', { flow: 'straight', version: 1 }) },
  edges: [
    { from: 'question.value', to: 'inner.question' },
    { from: 'inner.value', to: 'answer.value' },
  ],
};

function openFlow() {
  const flow = createFlowStore({ id: 'f', document: testDocument, revision: 1, nodeTypes });
  const reads: FlowReference[] = [];
  const documents = new Map([
    ['straight', straight],
    ['around', around],
    ['away', straight],
  ]);
  const stop = followNamedFlows(flow, async (reference) => {
    reads.push(reference);
    const document = documents.get(reference.flow);
    if (reference.flow === 'away' && reads.length < 3) throw new TypeError('Failed to fetch');
    if (document === undefined) throw new ApiError({ code: 'flow-unknown', status: 404, texts: { en: '', ja: '' } });
    return document;
  });
  const derive = () => deriveFlow(flow.getState());
  return { flow, reads, stop, derive };
}

const untilIdle = () => new Promise((resolve) => setTimeout(resolve));

test('a node gets the ports of the flow that it names, and of those that this one names', async () => {
  const { flow, reads, derive } = openFlow();
  const id = flow.getState().addNode('logic/subflow', { x: 0, y: 0 }) ?? '';
  expect(derive().graph.nodes.get(id)?.ports).toEqual({ inputs: {}, outputs: {} });
  flow.getState().changeSettings(id, { flow: 'around', version: 2 });
  expect(derive().problems.filter((problem) => problem.node === id && problem.severity === 'error')).toEqual([]);
  await untilIdle();
  expect(reads.map(({ flow: name }) => name)).toEqual(['around', 'straight']);
  const ports = derive().graph.nodes.get(id)?.ports;
  expect(Object.keys(ports?.inputs ?? {})).toEqual(['question']);
  expect(ports?.outputs.value?.kind).toBe('text');
  expect(flow.getState().connect({ from: 'question.value', to: `${id}.question` })).toBeNull();
});

test('a version is read once, and one that is not there is said to be unknown', async () => {
  const { flow, reads, derive } = openFlow();
  const id = flow.getState().addNode('logic/subflow', { x: 0, y: 0 }) ?? '';
  flow.getState().changeSettings(id, { flow: 'gone', version: 1 });
  await untilIdle();
  expect(derive().problems.map(({ code }) => code)).toContain('unknown-flow-version');
  flow.getState().renameNode(id, '別の名前');
  await untilIdle();
  expect(reads).toHaveLength(1);
});

test('a version that could not be read for another reason is no problem of the flow, and is read again', async () => {
  const { flow, reads, derive } = openFlow();
  const id = flow.getState().addNode('logic/subflow', { x: 0, y: 0 }) ?? '';
  flow.getState().changeSettings(id, { flow: 'away', version: 1 });
  await untilIdle();
  expect(derive().problems.map(({ code }) => code)).not.toContain('unknown-flow-version');
  for (const title of ['一', '二']) {
    flow.getState().renameNode(id, title);
    await untilIdle();
  }
  expect(reads).toHaveLength(3);
  expect(Object.keys(derive().graph.nodes.get(id)?.ports.inputs ?? {})).toEqual(['question']);
});

test('nothing is told once it was stopped', async () => {
  const { flow, stop } = openFlow();
  const before = flow.getState().namedFlows;
  stop();
  const id = flow.getState().addNode('logic/subflow', { x: 0, y: 0 }) ?? '';
  flow.getState().changeSettings(id, { flow: 'around', version: 2 });
  await untilIdle();
  expect(flow.getState().namedFlows).toBe(before);
});
