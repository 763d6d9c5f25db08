import { createHash } from 'node:crypto';
import { type Build, findProgram, type Plan } from '@kumiki/engine';
import type { NodeTypeDescriptions } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';
import {
  type ConversationRoute,
  type Database,
  type EndpointRoute,
  type EndpointRow,
  isSameRoute,
  listEndpoints,
  readBuild,
  readEndpoint,
} from '@kumiki/store';
import type { Plans } from '../runs/plans.ts';
import { readStoredBuild } from '../runs/stored-build.ts';
import { describeInputs, type FlowInterface, readFlowInterface } from './flow-interface.ts';

/** One way to answer, ready in memory. */
export type ServedArm = {
  readonly route: EndpointRoute;
  readonly plan: Plan;
  readonly build: Build;
  readonly interface: FlowInterface;
};

export type ServedEndpoint = {
  readonly id: string;
  readonly workspace: string;
  readonly slug: string;
  readonly createdAt: Date;
  readonly arms: readonly [ServedArm, ...ServedArm[]];
};

export type EndpointTableOptions = {
  readonly database: Database;
  readonly plans: Plans;
  readonly descriptions: NodeTypeDescriptions;
  /** Other processes may change endpoints too: look again after so long, beside the request. Null: nobody else does. */
  readonly staleMilliseconds: number | null;
};

/** `loadedAt` by the clock that nobody moves. */
type Entry = { readonly endpoint: ServedEndpoint; readonly loadedAt: number };

/** Published endpoints with plan and build in memory. An entry is replaced whole, so that no call sees half a change. */
export class EndpointTable {
  readonly #options: EndpointTableOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #loading = new Map<string, Promise<ServedEndpoint>>();

  constructor(options: EndpointTableOptions) {
    this.#options = options;
  }

  /** Throws `endpoint-unknown`. Answers from memory after the first call. */
  find(workspace: string, slug: string): ServedEndpoint | Promise<ServedEndpoint> {
    const key = `${workspace}/${slug}`;
    const entry = this.#entries.get(key);
    if (entry === undefined) return this.#load(workspace, slug);
    const { staleMilliseconds } = this.#options;
    if (
      staleMilliseconds !== null &&
      performance.now() - entry.loadedAt > staleMilliseconds &&
      !this.#loading.has(key)
    ) {
      // The present answer still counts; a failure shows when the entry is next loaded.
      this.#load(workspace, slug).catch(() => this.#entries.delete(key));
    }
    return entry.endpoint;
  }

  /** After a build: moves the endpoints that are in memory to what the database says by now. */
  async refresh(workspace: string): Promise<void> {
    const slugs = [...this.#entries.values()].flatMap(({ endpoint }) =>
      endpoint.workspace === workspace ? [endpoint.slug] : [],
    );
    await Promise.all(slugs.map((slug) => this.reload(workspace, slug)));
  }

  /** After an endpoint was made, changed or deleted here. */
  async reload(workspace: string, slug: string): Promise<void> {
    const key = `${workspace}/${slug}`;
    // A load that began before the change may not be the last word.
    await this.#loading.get(key)?.catch(() => {});
    try {
      await this.#load(workspace, slug);
    } catch {
      this.#entries.delete(key);
    }
  }

  list(workspace: string): Promise<EndpointRow[]> {
    return listEndpoints(this.#options.database, { workspace });
  }

  /**
   * Makes sure that routes can be served. Throws `version-unknown`, `build-unknown`, `build-of-other-version`,
   * `output-unknown`, `not-built`, and `arms-differ` where they do not take the same inputs.
   */
  async checkRoutes(workspace: string, routes: readonly EndpointRoute[]): Promise<readonly ServedArm[]> {
    const arms = await Promise.all(routes.map((route) => this.#openArm(workspace, route)));
    for (const { plan, build, route } of arms) findProgram(plan, build, { output: route.output });
    const shapes = new Set(arms.map((arm) => JSON.stringify(shapeOf(arm.interface))));
    if (shapes.size > 1) throw refuseDifferentArms();
    return arms;
  }

  #load(workspace: string, slug: string): Promise<ServedEndpoint> {
    const key = `${workspace}/${slug}`;
    const known = this.#loading.get(key);
    if (known !== undefined) return known;
    const loading = this.#open(workspace, slug)
      .then((endpoint) => {
        this.#entries.set(key, { endpoint, loadedAt: performance.now() });
        return endpoint;
      })
      .finally(() => this.#loading.delete(key));
    this.#loading.set(key, loading);
    return loading;
  }

  async #open(workspace: string, slug: string): Promise<ServedEndpoint> {
    const row = await readEndpoint(this.#options.database, { workspace, slug });
    const [first, ...rest] = await Promise.all(row.routes.map((route) => this.#openArm(workspace, route)));
    if (first === undefined) throw new Error(`Endpoint ${slug} has no route`);
    return { id: row.id, workspace, slug, createdAt: row.createdAt, arms: [first, ...rest] };
  }

  async #openArm(workspace: string, route: EndpointRoute): Promise<ServedArm> {
    const { database, plans, descriptions } = this.#options;
    const { flow, version } = route;
    const [plan, row] = await Promise.all([
      plans.find({ workspace, flow, version }),
      readBuild(database, { workspace, flow, build: route.build }),
    ]);
    if (row.version !== version) throw refuseOtherVersion(row.number, row.version);
    const build = readStoredBuild(row);
    return { route, plan, build, interface: readFlowInterface(plan.document, descriptions) };
  }
}

/**
 * The arm that answers: the one that its conversation keeps, as long as there is such a route; else by subject where there is one, so that a person always gets the same; else by conversation;
 * else at random. Never by key, which would pin a whole back end to one arm.
 */
export function chooseArm(
  { slug, arms }: ServedEndpoint,
  caller: {
    readonly subject?: string | undefined;
    readonly conversation?: string | undefined;
    readonly kept?: ConversationRoute | null;
  },
  random: () => number = Math.random,
): ServedArm {
  const [first] = arms;
  if (arms.length === 1) return first;
  const { kept = null } = caller;
  const same = kept === null ? undefined : arms.find(({ route }) => isSameRoute(route, kept));
  if (same !== undefined) return same;
  const pin = caller.subject ?? caller.conversation;
  const place = pin === undefined ? random() : hashToUnit(`${slug}\0${pin}`);
  const total = arms.reduce((sum, { route }) => sum + route.weight, 0);
  let left = place * total;
  for (const arm of arms) {
    left -= arm.route.weight;
    if (left < 0) return arm;
  }
  return arms.at(-1) ?? first;
}

/** Evenly spread over 0…1, the same for the same text. */
function hashToUnit(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}

function shapeOf({ inputs }: FlowInterface) {
  const bare = inputs.map((input) => ({ ...input, title: '', example: null }));
  return describeInputs(bare.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
}

function refuseDifferentArms(): KumikiError {
  return new KumikiError({
    code: 'arms-differ',
    status: 422,
    path: '/routes',
    message: {
      en: 'The arms of an endpoint have to take the same inputs, since callers do not know which one answers. Make their names and kinds equal, or publish the arms apart.',
      ja: '呼び出し元はどの案が回答するかを知らないため、1 つのエンドポイントに割り当てる案は、同じ入力を受け取る必要があります。入力の名前と種類をそろえるか、別々に公開してください。',
    },
  });
}

function refuseOtherVersion(build: number, version: number): KumikiError {
  return new KumikiError({
    code: 'build-of-other-version',
    status: 404,
    path: '/routes',
    message: {
      en: `Build ${build} is one of version ${version}. Name that version in the route.`,
      ja: `構築 ${build} は版 ${version} のものです。版 ${version} を指定してください。`,
    },
  });
}
