import { describe, expect, it } from 'vitest';
import { canConnect } from './can-connect.ts';
import { drawFlow, drawSearch, nodeTypes } from './testing/node-types.ts';

function tryWire(from: string, to: string, document = drawSearch()) {
  return canConnect(document, nodeTypes, { from, to })?.code ?? null;
}

describe('canConnect', () => {
  it('accepts what fits', () => {
    const document = { ...drawSearch(), edges: drawSearch().edges.slice(1) };
    expect(tryWire('load.documents', 'chunk.documents', document)).toBeNull();
  });

  it('refuses another kind, and says which one is wanted', () => {
    const problem = canConnect(drawSearch(), nodeTypes, { from: 'load.documents', to: 'search.query' });
    expect(problem).toMatchObject({ code: 'kind-mismatch', node: 'search', path: '/edges/5' });
    expect(problem?.message.ja).toContain('テキスト');
  });

  it('refuses a second wire into a single value, and takes one into a stream', () => {
    expect(tryWire('question.value', 'answer.value')).toBe('input-taken');
    const two = drawFlow(
      { a: ['load/files'], b: ['load/files'], chunk: ['chunk/lines'] },
      'a.documents > chunk.documents',
    );
    expect(tryWire('b.documents', 'chunk.documents', two)).toBeNull();
    expect(tryWire('a.documents', 'chunk.documents', two)).toBe('duplicate-edge');
  });

  it('refuses a circle, also the smallest', () => {
    const document = drawFlow(
      { a: ['logic/act'], b: ['logic/act'], first: ['logic/first'] },
      'a.text > first.a',
      'first.value > b.text',
    );
    expect(tryWire('b.text', 'a.text', document)).toBe('cycle');
    expect(tryWire('a.text', 'a.text', document)).toBe('cycle');
  });

  it('refuses two kinds at a node that passes on what it gets', () => {
    const document = drawFlow(
      { q: ['input', { name: 'q' }], n: ['input', { name: 'n', kind: 'number' }], first: ['logic/first'] },
      'q.value > first.a',
    );
    expect(tryWire('n.value', 'first.b', document)).toBe('kind-mismatch');
  });

  it('refuses nodes and ports that are not there', () => {
    expect(tryWire('nobody.value', 'search.query')).toBe('unknown-node');
    expect(tryWire('question.nothing', 'search.query')).toBe('unknown-port');
    expect(tryWire('question.value', 'search.nothing')).toBe('unknown-port');
    expect(tryWire('answer.result', 'search.query')).toBe('unknown-port');
  });
});
