import { describe, expect, it } from 'vitest';
import { diffFlows } from './diff-flows.ts';
import { drawFlow } from './testing/node-types.ts';

describe('diffFlows', () => {
  it('finds nothing between equal flows, whatever the order of their settings', () => {
    const before = drawFlow({ a: ['x', { one: { p: 1, q: 2 }, two: 2 }] });
    const after = drawFlow({ a: ['x', { two: 2, one: { q: 2, p: 1 } }] });
    expect(diffFlows(before, after)).toEqual({
      name: null,
      added: [],
      removed: [],
      changed: [],
      addedEdges: [],
      removedEdges: [],
    });
  });

  it('tells nodes and wires that came and went, and settings before and after', () => {
    const before = drawFlow({ a: ['x', { keep: 1, old: 2 }], gone: ['x'] }, 'gone.out > a.in');
    const after = drawFlow({ a: ['y', { keep: 1, fresh: [3] }], come: ['x'] }, 'come.out > a.in');
    expect(diffFlows(before, after)).toMatchObject({
      added: ['come'],
      removed: ['gone'],
      changed: [
        {
          node: 'a',
          type: { before: 'x', after: 'y' },
          title: null,
          moved: false,
          settings: [
            { name: 'fresh', before: undefined, after: [3] },
            { name: 'old', before: 2, after: undefined },
          ],
        },
      ],
      addedEdges: [{ from: 'come.out', to: 'a.in' }],
      removedEdges: [{ from: 'gone.out', to: 'a.in' }],
    });
  });
});
