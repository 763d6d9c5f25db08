import { createHash } from 'node:crypto';
import { type BuildTraces, readBuildTraces } from '@kumiki/store/testing/build-traces';
import { readIndexRows } from '@kumiki/store/testing/index-rows';
import { didRun } from '@kumiki/testkit';
import {
  buildFlow,
  createFlow,
  followRun,
  type RunEvent,
  readEvents,
  unwrap,
  uploadCollection,
} from '@kumiki/testkit/kumiki-session';
import { scriptedChat, scriptedEmbedding } from '@kumiki/testkit/scripted-models';
import { expect } from 'vitest';
import { type Aim, hold, type Timeline, waitForMoment, watchBuild } from './kill-moments.ts';
import { lookInside } from './look-inside.ts';
import { makeRagFlow } from './rag-flow.ts';
import { createRandom } from './random.ts';
import type { Stage } from './stage.ts';

/** What a build goes through, in this order; each is known by what it has left in the database. */
export const buildStages = [
  'listing the documents',
  'reading',
  'embedding',
  'writing documents',
  'closing the generation',
  'saving the artifacts',
  'ending the run',
] as const;
export type BuildStage = (typeof buildStages)[number] | 'after the end';

export type Kill = {
  readonly seed: number;
  readonly aim: Aim;
  readonly hit: BuildStage;
  readonly run: string;
  readonly modelDigests: readonly string[];
  /** What the build had left in the database when it was killed. */
  readonly atDeath: BuildTraces;
};

const documents = 24;
const batch = 16;
/** The events of a second attempt have numbers from here on. */
const numbersBetweenAttempts = 1_000_000;

/**
 * Kills builds of the same documents, each with models of its own digests: so each makes an index and vectors of its own,
 * whose rows have to be those of the build that nobody killed.
 */
export class KillRange {
  readonly #stage: Stage;
  readonly #flow: string;
  readonly #timeline: Timeline;
  readonly #kills: Kill[] = [];

  private constructor(stage: Stage, flow: string, timeline: Timeline) {
    this.#stage = stage;
    this.#flow = flow;
    this.#timeline = timeline;
  }

  /** Makes the build that is not killed, and learns from it when what happens. */
  static async open(stage: Stage): Promise<KillRange> {
    const { session } = stage;
    const files = Array.from({ length: documents }, (_, place) => [`shelf-${place}.md`, writeDocument(place)] as const);
    await uploadCollection(session, 'shelves', Object.fromEntries(files));
    const settings = { chunk: { size: 64 }, embed: { batchSize: batch } };
    const { id } = await createFlow(session, makeRagFlow({ collection: 'shelves', host: 'ollama', settings }));
    pullModels(stage, 'undisturbed');
    expect((await buildFlow(session, id)).end.state).toBe('succeeded');
    // The second build of a process takes a fraction of the first.
    pullModels(stage, 'watched');
    const watched = watchBuild(stage.models);
    expect((await buildFlow(session, id)).end.state).toBe('succeeded');
    return new KillRange(stage, id, watched.end());
  }

  get kills(): readonly Kill[] {
    return this.#kills;
  }

  /** Kills one build, starts the program again, and checks how the build ends and what it asked of the models. */
  async kill(aim: Aim, seed: number): Promise<Kill> {
    const stage = this.#stage;
    const { models } = stage;
    const random = createRandom(seed);
    const modelDigests = pullModels(stage, `${aim} ${seed}`);
    const held = hold(models, aim, { random, timeline: this.#timeline });
    const { run } = await unwrap(
      stage.session.client.POST('/api/flows/{id}/builds', { params: { path: { id: this.#flow } }, body: {} }),
    );
    await waitForMoment(aim, { random, run, held, timeline: this.#timeline, session: stage.session });
    const isEmbedding = models.embeddingCalls() > 0;
    await stage.kumiki.kill();
    held.release();
    const atDeath = await lookInside(stage, (inside) => readBuildTraces(inside, { run, modelDigests }));
    const kill = { seed, aim, hit: nameStage(atDeath, isEmbedding), run, modelDigests, atDeath };
    this.#kills.push(kill);
    await this.#checkEnd(kill);
    return kill;
  }

  /** Compares what all the killed builds have left with what the one has that was not killed. Stops the program. */
  async checkIndexes(): Promise<void> {
    await this.#stage.kumiki.stop();
    await lookInside(this.#stage, async (inside) => {
      const expected = await readIndexRows(inside, digestOf('undisturbed', scriptedEmbedding));
      expect(expected.documents).toHaveLength(documents);
      for (const { seed, aim, run, modelDigests, atDeath } of this.#kills) {
        const about = `${aim}, seed ${seed}`;
        expect(await readIndexRows(inside, modelDigests[0] ?? ''), about).toEqual(expected);
        const traces = await readBuildTraces(inside, { run, modelDigests });
        expect(traces, about).toMatchObject({ run: { state: 'succeeded' }, runEnds: 1, documents });
        expect(traces.generations, about).toEqual([{ number: 1, state: 'visible' }]);
        expect(traces.builds, about).toHaveLength(1);
        expect(
          traces.artifacts.map(({ nodeType }) => nodeType),
          about,
        ).toEqual(['index/pgvector', 'model/chat', 'model/embedding']);
        for (const artifact of atDeath.artifacts) expect(traces.artifacts, about).toContainEqual(artifact);
      }
    });
  }

  async #checkEnd({ run, atDeath, hit, seed }: Kill): Promise<void> {
    const stage = this.#stage;
    const before = stage.models.embeddedPassages.length;
    await stage.startAgain();
    const { session, models } = stage;
    const about = `${hit}, seed ${seed}`;
    expect((await followRun(session, run)).end.state, about).toBe('succeeded');
    const kept = new Set(atDeath.embedded);
    const again = models.embeddedPassages.slice(before).filter((text) => kept.has(hashText(text)));
    expect(again, about).toEqual([]);

    const events = await Array.fromAsync(readEvents(await session.request(`/api/runs/${run}/events`)));
    expect(
      events.filter(({ event }) => event === 'run-end'),
      about,
    ).toHaveLength(1);
    expect(events.at(-1)?.event, about).toBe('run-end');
    const numbers = events.map(({ id }) => Number(id));
    expect(numbers, about).toEqual([...new Set(numbers)].toSorted((one, other) => one - other));
    const later = events.filter(({ id }) => Number(id) > numbersBetweenAttempts);
    const made = atDeath.artifacts.some(({ nodeType }) => nodeType === 'index/pgvector');
    if (made)
      expect(
        didRun(
          later.map(({ data }): RunEvent => JSON.parse(data)),
          'index',
        ),
        about,
      ).toBe(false);
  }
}

/** As if other weights had been pulled under both names. The first digest is that of the embedding model. */
function pullModels({ models }: Stage, name: string): readonly string[] {
  return [scriptedEmbedding, scriptedChat].map((model) => {
    const digest = digestOf(name, model);
    models.changeDigest(model, digest.replace('sha256:', ''));
    return digest;
  });
}

function digestOf(name: string, model: string): string {
  return `sha256:${hashText(`${name} ${model}`)}`;
}

function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function nameStage(
  { run, generations, documents: written, artifacts, embedded }: BuildTraces,
  isEmbedding: boolean,
): BuildStage {
  if (run.state !== 'queued' && run.state !== 'running') return 'after the end';
  if (artifacts.length === 3) return 'ending the run';
  if (generations.some(({ state }) => state === 'visible')) return 'saving the artifacts';
  if (generations.length === 0) return 'listing the documents';
  if (written === documents) return 'closing the generation';
  if (isEmbedding) return 'embedding';
  if (embedded.length === 0) return 'reading';
  return written === 0 ? 'embedding' : 'writing documents';
}

/** From 8 to 20 paragraphs, each about as long as a chunk. */
function writeDocument(place: number): string {
  const paragraphs = Array.from({ length: 8 + ((place * 7) % 13) }, (_, number) => {
    const shelf = place * 100 + number;
    return `棚${shelf}には部品${(shelf * 7919) % 10_007}番が${(shelf * 31) % 97}個あり、担当は山田${shelf % 41}です。点検は毎月${1 + (shelf % 28)}日に行います。`;
  });
  return `# 倉庫${place}\n\n${paragraphs.join('\n\n')}\n`;
}
