import { type FlowDocument, noNamedFlows } from '@kumiki/flow';
import { expect, test } from 'vitest';
import { testDocument, testTypes } from '../testing/test-flow.ts';
import { askPorts, findNextOutput, findPartners, listOpenPorts, makeEdge, onlyFittingPort } from './find-partners.ts';

const drawn = (document: FlowDocument) => ({ document, nodeTypes: testTypes, namedFlows: noNamedFlows });

test('a wire pulled from an output is offered the types that take it, with the port', () => {
  const partners = findPartners(drawn(testDocument), { address: 'files.documents', side: 'output' });
  expect(partners.map(({ description, port }) => [description.type, port])).toEqual([['chunk/recursive', 'documents']]);
});

test('a wire pulled backwards from an input is offered the types that give it', () => {
  const document = {
    ...testDocument,
    nodes: {
      embed: { type: 'embed', version: 1, settings: {}, position: { x: 0, y: 0 } },
    },
  };
  const partners = findPartners(drawn(document), { address: 'embed.model', side: 'input' });
  expect(partners.map(({ description }) => description.type)).toEqual(['model/embedding']);
});

test('every port on the other side answers, and the only one of a node that fits is found', () => {
  const document = {
    ...testDocument,
    nodes: {
      ...testDocument.nodes,
      search: { type: 'retrieve/hybrid', version: 1, settings: {}, position: { x: 0, y: 0 } },
    },
  };
  const answers = askPorts(drawn(document), { address: 'question.value', side: 'output' });
  expect(answers.get('search.query')).toBeNull();
  expect(answers.get('search.index')?.code).toBe('kind-mismatch');
  expect(onlyFittingPort(answers, 'search')).toBe('search.query');
  expect(onlyFittingPort(answers, 'files')).toBeNull();
});

test('an edge runs from output to input, whichever end it was pulled from', () => {
  expect(makeEdge({ address: 'a.out', side: 'output' }, 'b.in')).toEqual({ from: 'a.out', to: 'b.in' });
  expect(makeEdge({ address: 'b.in', side: 'input' }, 'a.out')).toEqual({ from: 'a.out', to: 'b.in' });
});

test('a key asks for what comes behind a node: the first open output, and the ports that are there already', () => {
  const document = {
    ...testDocument,
    nodes: {
      ...testDocument.nodes,
      search: { type: 'retrieve/hybrid', version: 1, settings: {}, position: { x: 0, y: 0 }, title: '検索' },
    },
  };
  const start = findNextOutput(drawn(document), 'question') ?? expect.unreachable();
  expect(start).toEqual({ address: 'question.value', side: 'output' });
  expect(listOpenPorts(drawn(document), start, ({ ja }) => ja)).toEqual([
    { address: 'search.query', node: '検索', port: { en: 'query', ja: 'query' } },
  ]);
  expect(findNextOutput(drawn(document), 'nobody')).toBeNull();
});
