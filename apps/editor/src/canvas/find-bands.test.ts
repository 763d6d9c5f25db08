import { bindGraph, type FlowDocument, readGraph } from '@kumiki/flow';
import { expect, test } from 'vitest';
import { testDocument, testTypes } from '../testing/test-flow.ts';
import { findBands } from './find-bands.ts';
import { emptyBody, placeNode } from './node-geometry.ts';

function bandsOf(nodes: Readonly<Record<string, [type: string, x: number, y: number]>>, edges: [string, string][]) {
  const document: FlowDocument = {
    ...testDocument,
    nodes: Object.fromEntries(
      Object.entries(nodes).map(([id, [type, x, y]]) => [id, { type, version: 1, settings: {}, position: { x, y } }]),
    ),
    edges: edges.map(([from, to]) => ({ from, to })),
  };
  const graph = readGraph(document, testTypes);
  const placed = new Map(
    Object.entries(document.nodes).map(([id, { position }]) => [
      id,
      placeNode(id, graph.nodes.get(id), position, emptyBody),
    ]),
  );
  return findBands(graph, bindGraph(graph).nodes, placed);
}

test('connected build-time nodes lie in one band, what runs per question in another', () => {
  const bands = bandsOf(
    {
      files: ['load/files', 0, 0],
      chunk: ['chunk/recursive', 180, 0],
      question: ['input', 0, 240],
      answer: ['output', 180, 240],
    },
    [
      ['files.documents', 'chunk.documents'],
      ['question.value', 'answer.value'],
    ],
  );
  expect(bands.map(({ time, nodes }) => [time, [...nodes].sort()])).toEqual([
    ['build', ['chunk', 'files']],
    ['request', ['answer', 'question']],
  ]);
});

test('a wire between binding times does not join their bands', () => {
  const bands = bandsOf(
    { index: ['index/pgvector', 0, 0], search: ['retrieve/hybrid', 180, 0], question: ['input', 0, 180] },
    [
      ['index.index', 'search.index'],
      ['question.value', 'search.query'],
    ],
  );
  expect(bands).toHaveLength(2);
});

test('the outline of a band has cut corners around its nodes', () => {
  const [band] = bandsOf({ files: ['load/files', 0, 0] }, []);
  expect(band?.tag).toEqual({ x: -9, y: -24, width: 164 });
  expect(band?.path.match(/L/g)).toHaveLength(7);
});

test('a band does not cover a node of another time that lies between its own', () => {
  const bands = bandsOf(
    { files: ['load/files', 0, 0], question: ['input', 180, 0], chunk: ['chunk/recursive', 360, 0] },
    [['files.documents', 'chunk.documents']],
  );
  const build = bands.find(({ time }) => time === 'build');
  expect(build?.path.match(/M/g)).toHaveLength(2);
});
