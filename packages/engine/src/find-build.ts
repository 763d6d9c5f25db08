import type { Build } from './build.ts';
import { ArtifactMissing, Builder } from './builder.ts';
import { type BuildOptions, RunScope } from './run-scope.ts';
import { findRoots, findStaticRoots } from './upstream.ts';

export type FindBuildOptions = Omit<BuildOptions, 'only' | 'owner' | 'emit'>;

/**
 * What can be found of a build by fingerprint alone, for a run that names no build. Makes nothing; a node whose artifact
 * is not there is missing from the result, and a question that needs it fails as `not-built`. Rejects with a KumikiError
 * where a list or an identity cannot be read.
 */
export async function findBuild(options: FindBuildOptions): Promise<Build> {
  const { plan, artifacts, run } = options;
  const scope = new RunScope({ ...options, emit: () => undefined }, 'build');
  const builder = new Builder({ scope, plan, artifacts, owner: run, make: 'nothing', retrain: new Set() });
  try {
    await builder.settle(findRoots(plan), findStaticRoots(plan));
  } catch (error) {
    if (!(error instanceof ArtifactMissing)) throw error;
  } finally {
    scope.close();
  }
  return { nodes: builder.built, identities: builder.identities };
}
