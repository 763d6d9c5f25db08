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
  const bodies = [...plan.bodies.keys()].map((index) => `${plan.nodes[index]?.id}/`);
  return plan.nodes
    .filter((node) => node.id.startsWith(`${id}/`) && !bodies.some((body) => node.id.startsWith(body)))
    .map(({ index }) => index);
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
