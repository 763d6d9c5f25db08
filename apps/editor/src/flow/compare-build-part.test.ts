import type { FlowDocument } from '@kumiki/flow';
import { expect, test } from 'vitest';
import { testDocument, testTypes } from '../testing/test-flow.ts';
import { hasSameBuildPart } from './compare-build-part.ts';

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
  expect(hasSameBuildPart({ ...built, nodes }, built, testTypes)).toBe(true);
});

test('a setting, a wire or a node of build time does', () => {
  const resized = { ...built, nodes: { ...built.nodes, chunk: node('chunk/recursive', { size: 200 }) } };
  expect(hasSameBuildPart(resized, built, testTypes)).toBe(false);
  expect(hasSameBuildPart({ ...built, edges: built.edges.slice(1) }, built, testTypes)).toBe(false);
  const { chunk: _, ...fewer } = built.nodes;
  expect(hasSameBuildPart({ ...built, nodes: fewer, edges: [] }, built, testTypes)).toBe(false);
});
