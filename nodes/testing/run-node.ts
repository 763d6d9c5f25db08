import type { NodeContext, NodeType, PortValue } from '@kumiki/node-sdk';

/** Runs a computing node as the engine does: settings parsed with its schema, values handed over as they are. */
export async function runNode(
  nodeType: NodeType,
  call: {
    readonly settings?: Readonly<Record<string, unknown>>;
    readonly inputs?: Readonly<Record<string, PortValue | undefined>>;
    readonly variables?: Readonly<Record<string, PortValue>>;
    readonly context: NodeContext;
  },
): Promise<Readonly<Record<string, PortValue | undefined>>> {
  if (nodeType.behaviour.role !== 'run') throw new Error(`${nodeType.description.type} does not compute`);
  return nodeType.behaviour.run({
    settings: nodeType.settings.parse(call.settings ?? {}),
    inputs: call.inputs ?? {},
    variables: call.variables ?? {},
    context: call.context,
  });
}
