import { type Build, type NodeTypes, type Plan, planFlow } from '@kumiki/engine';
import type { FlowDocument, NodeTypeDescriptions } from '@kumiki/flow';
import { type Database, readBuild, readVersion } from '@kumiki/store';
import { readNamedVersions } from './named-versions.ts';
import { RecentCache } from './recent-cache.ts';
import { readStoredBuild } from './stored-build.ts';

const kept = 200;

/** Plans of versions, and the builds that they are asked with. A version never changes, so neither does its plan. */
export class Plans {
  readonly #database: Database;
  readonly #nodeTypes: NodeTypes;
  readonly #plans = new RecentCache<Plan>(kept);
  readonly #builds = new RecentCache<Build>(kept);
  readonly #descriptions: NodeTypeDescriptions;

  constructor(database: Database, nodeTypes: NodeTypes) {
    this.#database = database;
    this.#nodeTypes = nodeTypes;
    this.#descriptions = new Map([...nodeTypes].map(([name, { description }]) => [name, description]));
  }

  /** Throws `version-unknown`, `flow-invalid`. */
  find(at: { readonly workspace: string; readonly flow: string; readonly version: number }): Promise<Plan> {
    return this.#plans.find(`${at.workspace}/${at.flow}/${at.version}`, async () => {
      const { document } = await readVersion(this.#database, at);
      return this.plan({ workspace: at.workspace, document });
    });
  }

  /** Throws `build-unknown`. */
  findBuild(at: { readonly workspace: string; readonly flow: string; readonly build: number }): Promise<Build> {
    return this.#builds.find(`${at.workspace}/${at.flow}/${at.build}`, async () =>
      readStoredBuild(await readBuild(this.#database, at)),
    );
  }

  /** Plans a document with the versions that it names. Throws `flow-invalid`. */
  async plan(draft: { readonly workspace: string; readonly document: FlowDocument }): Promise<Plan> {
    const versions = await readNamedVersions(this.#database, this.#descriptions, draft);
    return planFlow(draft.document, this.#nodeTypes, versions);
  }
}
