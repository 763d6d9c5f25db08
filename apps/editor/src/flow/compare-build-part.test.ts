import { type FlowDocument, noNamedFlows } from '@kumiki/flow';
import { expect, test } from 'vitest';
import { describeType, testDocument, testTypes } from '../testing/test-flow.ts';
import { hasSameBuildPart } from './compare-build-part.ts';

const types = { nodeTypes: testTypes, namedFlows: noNamedFlows };
const node = (type: string, settings = {}) => ({ type, version: 1, settings, position: { x: 0, y: 0 } });

const built: FlowDocument = {
  ...testDocument,
  nodes: {
    files: node('load/files'),
    chunk: node('chunk/recursive', { size: 400 }),
    question: node('input', { name: 'question' }),
    answer: node('output', { name: 'answer' }),
  },
  edges: [
    { from: 'files.documents', to: 'chunk.documents' },
    { from: 'question.value', to: 'answer.value' },
  ],
};

test('what works at request time, names and places need no new build', () => {
  const nodes = {
    ...built.nodes,
    answer: node('output', { name: 'other' }),
    files: { ...node('load/files'), title: '文書', position: { x: 60, y: 60 } },
  };
  expect(hasSameBuildPart({ ...built, nodes }, built, types)).toBe(true);
});

test('a setting, a wire or a node of build time does', () => {
  const resized = { ...built, nodes: { ...built.nodes, chunk: node('chunk/recursive', { size: 200 }) } };
  expect(hasSameBuildPart(resized, built, types)).toBe(false);
  expect(hasSameBuildPart({ ...built, edges: built.edges.slice(1) }, built, types)).toBe(false);
  const { chunk: _, ...fewer } = built.nodes;
  expect(hasSameBuildPart({ ...built, nodes: fewer, edges: [] }, built, types)).toBe(false);
});

test('another version of a flow that is named does, also where the node works at request time', () => {
  const rule = { rule: 'named-flow', flow: 'flow', version: 'version', output: 'output', item: null } as const;
  const properties = { flow: { type: 'string' }, version: { type: 'integer' }, output: { type: 'string' } };
  const subflow = {
    ...describeType('logic/subflow', {}),
    settingsSchema: { type: 'object', properties },
    portRules: [rule],
  };
  const known = { ...types, nodeTypes: new Map(testTypes).set('logic/subflow', subflow) };
  const draw = (version: number, atOnce = 4): FlowDocument => ({
    ...built,
    nodes: { ...built.nodes, help: node('logic/subflow', { flow: 'help', version, output: 'answer', atOnce }) },
    edges: [...built.edges, { from: 'question.value', to: 'help.question' }],
  });
  expect(hasSameBuildPart(draw(2), draw(2, 8), known)).toBe(true);
  expect(hasSameBuildPart(draw(1), draw(2), known)).toBe(false);
});
