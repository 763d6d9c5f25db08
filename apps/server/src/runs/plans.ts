import { type NodeTypes, type Plan, planFlow } from '@kumiki/engine';
import { type Database, readVersion } from '@kumiki/store';

const keptPlans = 200;

/** Plans of versions. A version never changes, so neither does its plan. */
export class Plans {
  readonly #database: Database;
  readonly #nodeTypes: NodeTypes;
  readonly #plans = new Map<string, Plan>();

  constructor(database: Database, nodeTypes: NodeTypes) {
    this.#database = database;
    this.#nodeTypes = nodeTypes;
  }

  /** Throws `version-unknown`, `flow-invalid`. */
  async find(at: { readonly workspace: string; readonly flow: string; readonly version: number }): Promise<Plan> {
    const key = `${at.workspace}/${at.flow}/${at.version}`;
    const known = this.#plans.get(key);
    if (known !== undefined) {
      this.#plans.delete(key);
      this.#plans.set(key, known);
      return known;
    }
    const { document } = await readVersion(this.#database, at);
    const plan = planFlow(document, this.#nodeTypes);
    this.#plans.set(key, plan);
    const [oldest] = this.#plans.keys();
    if (this.#plans.size > keptPlans && oldest !== undefined) this.#plans.delete(oldest);
    return plan;
  }
}
