import { type NodeTypes, type Plan, planFlow } from '@kumiki/engine';
import type { FlowDocument, NodeTypeDescriptions } from '@kumiki/flow';
import { type Database, readVersion } from '@kumiki/store';
import { readNamedVersions } from './named-versions.ts';

const keptPlans = 200;

/** Plans of versions. A version never changes, so neither does its plan. */
export class Plans {
  readonly #database: Database;
  readonly #nodeTypes: NodeTypes;
  readonly #plans = new Map<string, Plan>();

  readonly #descriptions: NodeTypeDescriptions;

  constructor(database: Database, nodeTypes: NodeTypes) {
    this.#database = database;
    this.#nodeTypes = nodeTypes;
    this.#descriptions = new Map([...nodeTypes].map(([name, { description }]) => [name, description]));
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
    const plan = await this.plan({ workspace: at.workspace, document });
    this.#plans.set(key, plan);
    const [oldest] = this.#plans.keys();
    if (this.#plans.size > keptPlans && oldest !== undefined) this.#plans.delete(oldest);
    return plan;
  }

  /** Plans a document with the versions that it names. Throws `flow-invalid`. */
  async plan(draft: { readonly workspace: string; readonly document: FlowDocument }): Promise<Plan> {
    const versions = await readNamedVersions(this.#database, this.#descriptions, draft);
    return planFlow(draft.document, this.#nodeTypes, versions);
  }
}
