import { summariseClusters } from '../statistics/cluster-mean.ts';
import { confidenceLevel } from '../statistics/interval.ts';
import { notePower } from '../statistics/power.ts';
import { createChance, simulateAnswers, type World } from './simulate.ts';

/** Many enough for the spread to be known to one part in a hundred. */
const pilotClusters = 6_000;
const rowsPerCluster = 4;

/**
 * A world with as many clusters as the power note asks for, after a pilot that is large enough to know how far clusters
 * spread: the first difference of the family is then found as often as the note promises.
 */
export function sizePlantedWorld(
  kind: World['kind'],
  arms: Readonly<Record<string, number>>,
  { wanted, power }: { readonly wanted: number; readonly power: number },
): World {
  const makeWorld = (clusters: number): World => {
    return { kind, arms, suiting: 0.05, sizes: Array.from({ length: clusters }, () => rowsPerCluster) };
  };
  const [first = '', second = ''] = Object.keys(arms);
  const pilot = simulateAnswers(makeWorld(pilotClusters), createChance(20_261_130));
  const values = new Map<string, { cluster: string; value: number }>();
  for (const { row, cluster, arm, outcome } of pilot) {
    if (outcome.kind !== 'measured' || (arm !== first && arm !== second)) continue;
    const value = Number(outcome.metrics.quality) * (arm === second ? 1 : -1);
    values.set(row, { cluster, value: (values.get(row)?.value ?? 0) + value });
  }
  const count = Object.keys(arms).length;
  const level = (1 - confidenceLevel) / ((count * (count - 1)) / 2);
  return makeWorld(notePower(summariseClusters([...values.values()]), { wanted, power, level }).neededClusters);
}
