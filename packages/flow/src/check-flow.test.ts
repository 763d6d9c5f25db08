import { describe, expect, it } from 'vitest';
import { checkFlow } from './check-flow.ts';
import type { FlowDocument, JsonValue } from './document.ts';
import { drawFlow, drawSearch, nodeTypes } from './testing/node-types.ts';

function codesOf(document: FlowDocument): readonly string[] {
  return checkFlow(document, nodeTypes).map(({ code, node }) => (node === null ? code : `${code} ${node}`));
}

function searchWith(settings: Record<string, JsonValue>): FlowDocument {
  const document = drawSearch();
  const { search } = document.nodes;
  return search === undefined
    ? document
    : { ...document, nodes: { ...document.nodes, search: { ...search, settings } } };
}

describe('checkFlow', () => {
  it('finds nothing wrong with a sound flow', () => {
    expect(checkFlow(drawSearch(), nodeTypes)).toEqual([]);
  });

  it('names the node, the setting and what to do in both languages', () => {
    expect(checkFlow(searchWith({ limit: 200 }), nodeTypes)).toEqual([
      {
        code: 'invalid-settings',
        severity: 'error',
        node: 'search',
        path: '/nodes/search/settings/limit',
        message: {
          en: '“Limit” of “Search” must be at most 100.',
          ja: '「検索」の「件数」は 100 以下にしてください。',
        },
      },
    ]);
  });

  it('tells a missing setting from a wrong one, and warns of one that does not exist', () => {
    const missing = drawFlow({ answer: ['output', {}], q: ['input', { name: 'q' }] }, 'q.value > answer.value');
    expect(codesOf(missing)).toEqual(['missing-setting answer']);
    expect(
      codesOf(drawFlow({ answer: ['output', { name: '' }], q: ['input', { name: 'q' }] }, 'q.value > answer.value')),
    ).toEqual(['missing-setting answer']);
    expect(codesOf(searchWith({ mode: 'c' }))).toEqual(['invalid-settings search']);
    expect(checkFlow(searchWith({ limt: 3 }), nodeTypes)).toMatchObject([
      { severity: 'warning', path: '/nodes/search/settings/limt' },
    ]);
  });

  it('does not judge settings of an older version, and refuses those of a newer one', () => {
    const document = drawSearch();
    const { search } = document.nodes;
    if (search === undefined) throw new Error('no search');
    const newer = { ...document, nodes: { ...document.nodes, search: { ...search, version: 2 } } };
    expect(codesOf(newer)).toEqual(['newer-node-version search']);
    const type = nodeTypes.get('retrieve/plain');
    if (type === undefined) throw new Error('no type');
    const types = new Map(nodeTypes).set('retrieve/plain', { ...type, version: 2 });
    expect(checkFlow(searchWith({ limit: 'old form' }), types)).toEqual([]);
  });

  it('names an unknown type once, and not its wires as well', () => {
    const document = drawSearch();
    const { search } = document.nodes;
    if (search === undefined) throw new Error('no search');
    const unknown = { ...document, nodes: { ...document.nodes, search: { ...search, type: 'retrieve/magic' } } };
    const errors = checkFlow(unknown, nodeTypes).filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code, path }) => [code, path])).toEqual([['unknown-node-type', '/nodes/search/type']]);
  });

  it('finds wires to nowhere, wrong kinds, and inputs that lack a wire', () => {
    const document = drawSearch();
    const edges = [
      ...document.edges.filter(({ to }) => to !== 'search.query'),
      { from: 'ghost.value', to: 'search.query' },
      { from: 'load.documents', to: 'search.query' },
    ];
    expect(codesOf({ ...document, edges })).toEqual(['unknown-node', 'kind-mismatch search', 'unused-node question']);
    expect(codesOf({ ...document, edges: document.edges.filter(({ to }) => to !== 'search.query') })).toEqual([
      'missing-input search',
      'unused-node question',
    ]);
  });

  it('names the members of a circle and not what hangs on it', () => {
    const document = drawFlow(
      { a: ['logic/act'], b: ['logic/act'], c: ['logic/act'] },
      'a.text > b.text',
      'b.text > a.text',
      'b.text > c.text',
    );
    const cycle = checkFlow(document, nodeTypes).find(({ code }) => code === 'cycle');
    expect(cycle?.message.ja).toContain('「logic/act」「logic/act」。');
  });

  it('refuses an input that reaches an artifact', () => {
    const types = new Map(nodeTypes);
    const index = nodeTypes.get('index/plain');
    const query = nodeTypes.get('retrieve/plain')?.inputs.query;
    if (index === undefined || query === undefined) throw new Error('no type');
    types.set('index/plain', { ...index, inputs: { ...index.inputs, label: query } });
    const document = drawSearch();
    const edges = [...document.edges, { from: 'question.value', to: 'index.label' }];
    expect(checkFlow({ ...document, edges }, types)).toMatchObject([
      { code: 'input-reaches-artifact', node: 'index', path: '/edges/5' },
    ]);
  });

  it('refuses a stream that crosses from build time into a question', () => {
    const types = new Map(nodeTypes);
    const search = nodeTypes.get('retrieve/plain');
    const chunks = nodeTypes.get('index/plain')?.inputs.chunks;
    if (search === undefined || chunks === undefined) throw new Error('no type');
    types.set('retrieve/plain', { ...search, inputs: { ...search.inputs, chunks } });
    const document = drawSearch();
    const edges = [...document.edges, { from: 'chunk.chunks', to: 'search.chunks' }];
    expect(checkFlow({ ...document, edges }, types)).toMatchObject([
      { code: 'stream-crosses-binding-time', node: 'search', path: '/edges/5' },
    ]);
  });

  it('lets a node act at build time only where nothing depends on it', () => {
    expect(codesOf(drawFlow({ act: ['logic/act'] }))).toEqual(['no-output']);
    expect(
      codesOf(drawFlow({ act: ['logic/act'], answer: ['output', { name: 'a' }] }, 'act.text > answer.value')),
    ).toEqual(['acts-at-build-time act']);
  });

  it('refuses two inputs or two outputs of one name, but not an input and an output', () => {
    const document = drawFlow(
      {
        q: ['input', { name: 'x' }],
        r: ['input', { name: 'x' }],
        a: ['output', { name: 'x' }],
        b: ['output', { name: 'x' }],
      },
      'q.value > a.value',
      'r.value > b.value',
    );
    expect(codesOf(document)).toEqual(['duplicate-name r', 'duplicate-name b']);
  });

  it('wants at least one wire into a node that passes on what it gets', () => {
    const document = drawFlow({ first: ['logic/first'], a: ['output', { name: 'a' }] }, 'first.value > a.value');
    expect(codesOf(document)).toEqual(['missing-input first']);
  });
});
