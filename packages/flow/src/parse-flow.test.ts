import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFlow } from './canonical-flow.ts';
import { findJsonError } from './json-error.ts';
import { migrateFlow } from './migrate-flow.ts';
import { parseFlow } from './parse-flow.ts';
import { drawSearch } from './testing/node-types.ts';

function problemsOf(source: unknown) {
  return parseFlow(source).problems ?? [];
}

describe('parseFlow', () => {
  it('reads a file, with or without a byte order mark, and JSON that has been read already', () => {
    const text = formatFlow(drawSearch());
    expect(parseFlow(text).document?.name).toBe('Test');
    expect(parseFlow(`\uFEFF${text}`).document?.name).toBe('Test');
    expect(parseFlow(JSON.parse(text)).document?.name).toBe('Test');
  });

  it('says at which line and column a file breaks', () => {
    const [problem] = problemsOf('{\n  "format": "kumiki/flow@1",\n  "name": "壊れた" "nodes": {}\n}');
    expect(problem).toMatchObject({ code: 'broken-json', path: '' });
    expect(problem?.message.en).toContain('line 3, column 17');
  });

  it('tells what is no flow from a flow of a newer Kumiki', () => {
    expect(problemsOf('{"hello": 1}')).toMatchObject([{ code: 'unknown-format', path: '/format' }]);
    expect(problemsOf('[]')).toMatchObject([{ code: 'unknown-format' }]);
    expect(problemsOf(null)).toMatchObject([{ code: 'unknown-format' }]);
    expect(problemsOf({ format: 'kumiki/flow@2' })).toMatchObject([{ code: 'newer-format', path: '/format' }]);
  });

  it('names the node and the place of what has the wrong shape', () => {
    const { nodes, ...rest } = drawSearch();
    const broken = { ...rest, nodes: { ...nodes, load: { ...nodes.load, version: 'one' } } };
    expect(problemsOf(broken)).toMatchObject([{ code: 'invalid-document', node: 'load', path: '/nodes/load/version' }]);
    expect(problemsOf({ ...drawSearch(), edges: [{ from: 'a', to: 'b.c' }] })).toMatchObject([
      { path: '/edges/0/from' },
    ]);
  });
});

describe('findJsonError', () => {
  it('finds the place where any cut-off file ends', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.nat(), (json, seed) => {
        const cut = json.slice(0, seed % json.length);
        fc.pre(!isJson(cut));
        const { line, column } = findJsonError(cut);
        expect(line).toBe(1);
        expect(column).toBeLessThanOrEqual([...cut].length + 1);
      }),
    );
  });

  it('comes to an end for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(findJsonError(text).line).toBeGreaterThan(0);
      }),
    );
  });

  it.each([
    ['{"a": 1,}', 9],
    ['[1 2]', 4],
    ["{'a': 1}", 2],
    ['{"a": tru}', 7],
    ['{"a" 1}', 6],
    ['{} {}', 4],
    ['{"a": "\u0001"}', 7],
    ['', 1],
  ])('finds the place in %s', (text, column) => {
    expect(findJsonError(text)).toEqual({ line: 1, column });
  });
});

describe('migrateFlow', () => {
  const steps = [
    { from: 1, migrate: (document: object) => ({ ...document, second: true }) },
    { from: 2, migrate: (document: object) => ({ ...document, third: true }) },
  ];

  it('lifts a document through every format after its own', () => {
    expect(migrateFlow({ format: 'kumiki/flow@1' }, 1, steps)).toEqual({
      format: 'kumiki/flow@3',
      second: true,
      third: true,
    });
    expect(migrateFlow({ format: 'kumiki/flow@2' }, 2, steps)).toEqual({ format: 'kumiki/flow@3', third: true });
    expect(migrateFlow({ format: 'kumiki/flow@3' }, 3, steps)).toEqual({ format: 'kumiki/flow@3' });
    expect(migrateFlow({ format: 'kumiki/flow@4' }, 4, steps)).toBeNull();
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
