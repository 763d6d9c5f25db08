import type { NodeContext, NodeType, PortValue } from '@kumiki/node-sdk';

/** Lets a node make its artifact as the engine does: settings parsed with its schema, values handed over as they are. */
export async function makeArtifact(
  nodeType: NodeType,
  call: {
    readonly settings?: Readonly<Record<string, unknown>>;
    readonly inputs: Readonly<Record<string, Exclude<PortValue, AsyncIterable<unknown>> | undefined>>;
    readonly context: NodeContext;
    readonly lineage?: string;
  },
) {
  if (nodeType.behaviour.role !== 'artifact') throw new Error(`${nodeType.description.type} makes no artifact`);
  return nodeType.behaviour.make({
    settings: nodeType.settings.parse(call.settings ?? {}),
    inputs: call.inputs,
    context: call.context,
    lineage: call.lineage ?? 'lineage',
    owner: 'owner',
  });
}
