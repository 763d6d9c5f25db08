import type { NodeContext, NodeType, StreamElement } from '@kumiki/node-sdk';

/** All that a loader puts out, as its reader gets it. `Item` is what its output carries. */
export async function readLoader<Item>(
  nodeType: NodeType,
  settings: Readonly<Record<string, unknown>>,
  context: NodeContext,
  ids: readonly string[] | 'all' = 'all',
): Promise<readonly StreamElement<Item>[]> {
  const { behaviour } = nodeType;
  if (behaviour.role !== 'loader') throw new Error(`${nodeType.description.type} loads nothing`);
  return await Array.fromAsync(behaviour.read({ settings: nodeType.settings.parse(settings), context, ids }));
}
