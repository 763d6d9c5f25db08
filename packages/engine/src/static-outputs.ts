import type { PortValue } from '@kumiki/node-sdk';
import { runAttempts } from './attempt.ts';
import { NodeRun } from './node-run.ts';
import type { PlannedNode } from './plan.ts';
import type { RunScope } from './run-scope.ts';

/** The values of a node's static outputs: they follow from its settings, so they are computed rather than kept. */
export async function runStaticOutputs(
  scope: RunScope,
  node: PlannedNode,
): Promise<Readonly<Record<string, PortValue | undefined>>> {
  const { behaviour } = node.type;
  if (behaviour.role !== 'run') return {};
  const nodeRun = new NodeRun(scope, node);
  const { settings } = node;
  const { run, runStatic } = behaviour;
  try {
    const outputs = await runAttempts(scope, nodeRun, () =>
      runStatic === null
        ? run({ settings, inputs: {}, variables: {}, context: nodeRun })
        : runStatic({ settings, context: nodeRun }),
    );
    const names = node.outputs.filter((output) => output.static).map(({ name }) => name);
    return Object.fromEntries(names.map((name) => [name, outputs[name]]));
  } catch (error) {
    scope.blame(error, node.id);
    nodeRun.fail(error);
    throw error;
  }
}
