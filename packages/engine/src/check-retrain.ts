import { KumikiError } from '@kumiki/node-sdk';
import type { Plan } from './plan.ts';
import { refuseUnknownNode } from './program.ts';

/** Throws `node-unknown` and `not-held`: only what is held waits to be asked, all else is made anew by itself. */
export function checkRetrain(plan: Plan, retrain: readonly string[]): void {
  for (const id of retrain) {
    const node = plan.nodes[plan.indexById.get(id) ?? -1] ?? refuseUnknownNode(id, '/retrain');
    if (node.type.description.held) continue;
    const { title } = node;
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
}
