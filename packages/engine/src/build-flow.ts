import type { Build, BuildResult } from './build.ts';
import { Builder } from './builder.ts';
import { findNamedNodes } from './find-named-nodes.ts';
import { findRetrained } from './find-retrained.ts';
import type { Plan, PlannedNode } from './plan.ts';
import { readState } from './run-flow.ts';
import { type BuildOptions, RunScope } from './run-scope.ts';
import { findRoots, findStaticRoots } from './upstream.ts';

/**
 * Makes what a flow's questions are answered from: every artifact and value is looked up by its fingerprint, and only
 * what is missing is made, from the streams that feed it. What goes wrong is told by the result and by `run-end`.
 */
export async function buildFlow(options: BuildOptions): Promise<BuildResult> {
  const { plan, artifacts, owner = options.run } = options;
  const scope = new RunScope(options, 'build');
  scope.emit({ type: 'run-start', at: scope.startedAt, kind: 'build' });
  const retrain = new Set<string>();
  const builder = new Builder({ scope, plan, artifacts, owner, make: 'all', retrain });
  try {
    for (const id of findRetrained(plan, options.retrain ?? [])) retrain.add(id);
    if (scope.stopped === null) {
      const { roots, statics } = chooseRoots(plan, options.only);
      await builder.settle(roots, statics);
    }
  } catch (error) {
    scope.fail(error);
  }

  const { failure, usage } = scope;
  const state = readState(scope);
  const build: Build = { nodes: builder.built, identities: builder.identities };
  const at = scope.clock.now();
  scope.end({
    type: 'run-end',
    at,
    state,
    outputs: {},
    usage,
    milliseconds: at - scope.startedAt,
    ...(failure !== null && { error: failure }),
  });
  if (failure !== null) return { state: 'failed', build, usage, error: failure };
  return state === 'cancelled' ? { state, build, usage } : { state: 'succeeded', build, usage };
}

type Roots = { readonly roots: readonly PlannedNode[]; readonly statics: readonly PlannedNode[] };

/** All that a build leaves behind, or what the named nodes take; for a request-time node that is what feeds it. */
function chooseRoots(plan: Plan, only: readonly string[] | undefined): Roots {
  const all: Roots = { roots: findRoots(plan), statics: findStaticRoots(plan) };
  if (only === undefined) return all;
  const named = new Set(only.flatMap((id) => findNamedNodes(plan, id)));
  const needed = new Set(named);
  for (const index of needed) {
    const node = plan.nodes[index];
    if (node?.time !== 'request') continue;
    for (const { sources } of node.inputs) for (const source of sources) needed.add(source.node);
    const body = plan.bodies.get(index);
    if (body !== undefined) needed.add(body.output);
  }
  return {
    roots: plan.nodes.filter(({ index, time, role }) => {
      return time === 'build' && needed.has(index) && (named.has(index) || role === 'artifact' || role === 'value');
    }),
    statics: all.statics.filter(({ index }) => needed.has(index)),
  };
}
