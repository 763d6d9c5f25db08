import { canonicaliseJson, type JsonValue } from '@kumiki/flow';
import { KumikiError, type SourceIdentity } from '@kumiki/node-sdk';
import { runAttempts } from './attempt.ts';
import { NodeRun } from './node-run.ts';
import type { PlannedNode } from './plan.ts';
import type { RunScope } from './run-scope.ts';

/** What the nodes of a build say their outside is, each asked once before and once after something was made of it. */
export class Identities {
  readonly #scope: RunScope;
  readonly #asked = new Map<number, Promise<SourceIdentity | null>>();
  /** By the node's path, as far as they have been told. */
  readonly told: Record<string, JsonValue> = {};

  constructor(scope: RunScope) {
    this.#scope = scope;
  }

  /** Null for a node that has nothing outside, or does not say what. */
  identify(node: PlannedNode): Promise<SourceIdentity | null> {
    const known = this.#asked.get(node.index);
    if (known !== undefined) return known;
    const asked = this.#ask(node).then((identity) => {
      if (identity !== null) this.told[node.id] = identity.value;
      return identity;
    });
    asked.catch(() => undefined);
    this.#asked.set(node.index, asked);
    return asked;
  }

  /** Throws `source-changed` where a node's outside is no longer what it was when the build began. */
  async recheck(nodes: readonly PlannedNode[]): Promise<void> {
    await Promise.all(
      nodes.map(async (node) => {
        const before = await this.identify(node);
        if (before === null) return;
        const after = await this.#ask(node);
        if (after === null || writeJson(before.value) === writeJson(after.value)) return;
        throw new KumikiError({
          code: 'source-changed',
          message: {
            en: `What “${node.title.en}” reads changed while it was being used, so the result was thrown away. Build again.`,
            ja: `構築中に「${node.title.ja}」の読み取り元が変わったため、結果を破棄しました。もう一度構築してください。`,
          },
          status: 409,
          node: node.id,
        });
      }),
    );
  }

  async #ask(node: PlannedNode): Promise<SourceIdentity | null> {
    const { identify } = node.type;
    if (identify === null) return null;
    const nodeRun = new NodeRun(this.#scope, node);
    try {
      const { settings } = node;
      return await runAttempts(this.#scope, nodeRun, () => identify({ settings, context: nodeRun }));
    } catch (error) {
      nodeRun.fail(error);
      throw error;
    }
  }
}

function writeJson(value: JsonValue): string {
  return JSON.stringify(canonicaliseJson(value));
}
