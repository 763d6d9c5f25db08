import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { runNode } from '../testing/run-node.ts';
import { firstNode } from './first.ts';

const context = createFakeContext();

describe('logic/first', () => {
  it('passes on the first value that came', async () => {
    const made = await runNode(firstNode, { inputs: { second: false, fourth: 'later' }, context });
    expect(made).toEqual({ value: false });
  });

  it('is skipped when nothing came', async () => {
    expect(await runNode(firstNode, { context })).toEqual({});
  });
});
