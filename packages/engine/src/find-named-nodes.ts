import { KumikiError } from '@kumiki/node-sdk';
import type { Plan } from './plan.ts';

/**
 * Places of what a person means by a node's path: the node, or, where a flow stands in its place, all nodes of that flow
 * but those that are asked for every item of a list, which have nothing to work on by themselves. Throws `node-unknown`.
 */
export function findNamedNodes(plan: Plan, id: string, path = '/only'): readonly number[] {
  const own = plan.indexById.get(id);
  if (own !== undefined) return [own];
  if (!plan.references.has(id)) return refuseUnknownNode(id, path);
  const bodies = listBodyPaths(plan);
  return plan.nodes
    .filter((node) => node.id.startsWith(`${id}/`) && !bodies.some(({ path }) => node.id.startsWith(path)))
    .map(({ index }) => index);
}

/** Nodes that ask a flow for every item of a list, outer ones first, each with how the paths of that flow's nodes begin. */
export function listBodyPaths(plan: Plan): readonly { readonly node: number; readonly path: string }[] {
  return [...plan.bodies.keys()]
    .map((node) => ({ node, path: `${plan.nodes[node]?.id}/` }))
    .sort((one, other) => one.path.length - other.path.length);
}

function refuseUnknownNode(id: string, path: string): never {
  throw new KumikiError({
    code: 'node-unknown',
    message: {
      en: `This flow has no node “${id}”. Look up the ids of its nodes in the exported flow file.`,
      ja: `このフローに「${id}」という部品はありません。書き出したフローのファイルで部品の ID を確認してください。`,
    },
    status: 422,
    path,
  });
}
