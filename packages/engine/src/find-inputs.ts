import type { PortValue } from '@kumiki/node-sdk';
import { ArtifactMissing, Builder } from './builder.ts';
import type { FindBuildOptions } from './find-build.ts';
import type { PlannedNode } from './plan.ts';
import { describeNotBuilt } from './program.ts';
import { RunScope } from './run-scope.ts';

/**
 * What would reach a build-time node if it worked now, by input, for whoever wants to see that before it does: values
 * alone. Artifacts are found by fingerprint and never made. Throws `not-built`, which names the node whose artifact is missing.
 */
export async function findInputs(
  options: FindBuildOptions & { readonly node: PlannedNode },
): Promise<Readonly<Record<string, PortValue | undefined>>> {
  const { plan, artifacts, run, node } = options;
  const scope = new RunScope({ ...options, emit: () => undefined }, 'build');
  const builder = new Builder({ scope, plan, artifacts, owner: run, make: 'sources', retrain: new Set() });
  try {
    return await builder.readInputs(node);
  } catch (error) {
    throw error instanceof ArtifactMissing ? describeNotBuilt(plan, new Set([error.node])) : error;
  } finally {
    scope.close();
  }
}
