import type { Example } from '@kumiki/node-sdk';
import { MemoryDataSets } from '@kumiki/testkit';
import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { asDataSet, makeArtifact } from '../testing/make-artifact.ts';
import { makeExample } from '../testing/samples.ts';
import { splitDataSet } from './split.ts';

describe('dataset/split', () => {
  it('parts the same examples anew, whole groups at a time, in their order', async () => {
    const datasets = new MemoryDataSets();
    // Groups in turns: what belongs together need not stand together.
    const examples = Array.from(
      { length: 200 },
      (_, place): Example => makeExample(`${place}`, { group: `talk ${place % 40}` }),
    );
    const before = {
      ...(await datasets.write(examples)),
      report: [{ code: 'kept', message: { en: 'x', ja: 'x' }, count: 1, places: [] }],
    };
    const { outputs } = await makeArtifact(splitDataSet, {
      settings: { evaluationShare: 0.25 },
      inputs: { dataset: before },
      context: createFakeContext({ datasets }),
    });
    const dataset = asDataSet(outputs.dataset);
    const after = await Array.fromAsync(datasets.read(dataset));
    expect(after.map(({ id }) => id)).toEqual(examples.map(({ id }) => id));
    const sides = Map.groupBy(after, ({ group }) => group)
      .values()
      .map((members) => new Set(members.map(({ split }) => split)).size);
    expect([...sides].every((size) => size === 1)).toBe(true);
    expect(dataset.examples.train + dataset.examples.evaluation).toBe(200);
    expect(dataset.examples.evaluation / 200).toBeCloseTo(0.25, 0);
    expect(dataset.examples.evaluation).toBeGreaterThan(10);
    expect(dataset.report.map(({ code, count }) => [code, count])).toEqual([
      ['kept', 1],
      ['moved', dataset.examples.evaluation],
    ]);
  });
});
