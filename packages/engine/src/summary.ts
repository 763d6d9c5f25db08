import type { JsonValue } from '@kumiki/flow';
import type { PortValue } from '@kumiki/node-sdk';
import type { OutputSummary } from './node-run.ts';
import { emptySummary } from './node-run.ts';
import type { PlannedNode } from './plan.ts';
import { countValue, sampleValue } from './sample.ts';

/** Counts and samples of a node's values. Streams are counted where they flow. */
export function summariseOutputs(
  { outputs: planned }: PlannedNode,
  outputs: Readonly<Record<string, PortValue | undefined>>,
): OutputSummary {
  if (planned.length === 0) return emptySummary;
  const counts: Record<string, number> = {};
  const samples: Record<string, readonly JsonValue[]> = {};
  for (const { name, stream } of planned) {
    const value = outputs[name];
    if (value === undefined || stream) continue;
    counts[name] = countValue(value);
    samples[name] = sampleValue(value);
  }
  return { counts, samples };
}
