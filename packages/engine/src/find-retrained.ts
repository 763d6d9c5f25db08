import { KumikiError } from '@kumiki/node-sdk';
import { findNamedNodes } from './find-named-nodes.ts';
import type { Plan } from './plan.ts';

/**
 * Paths of the nodes that shall make their artifacts anew, for those that are named or stand below a path that is. Throws
 * `node-unknown` and `not-held`: only what is held waits to be asked, all else is made anew by itself.
 */
export function findRetrained(plan: Plan, retrain: readonly string[]): ReadonlySet<string> {
  return new Set(
    retrain.flatMap((id) => {
      const nodes = findNamedNodes(plan, id, '/retrain').flatMap((index) => plan.nodes[index] ?? []);
      const held = nodes.filter(({ type }) => type.description.held).map((node) => node.id);
      return held.length > 0 ? held : refuse(id, nodes.find((node) => node.id === id)?.title ?? { en: id, ja: id });
    }),
  );
}

function refuse(id: string, title: { readonly en: string; readonly ja: string }): never {
  throw new KumikiError({
    code: 'not-held',
    message: {
      en: `“${title.en}” is made again by itself whenever something has changed, so it cannot be asked for. Name nodes that tune a model.`,
      ja: `「${title.ja}」は、変更があれば自動的につくり直されるため、指定できません。モデルを調整する部品を指定してください。`,
    },
    status: 422,
    node: id,
    path: '/retrain',
  });
}
