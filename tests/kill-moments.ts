import { setTimeout as wait } from 'node:timers/promises';
import { type KumikiSession, type RunEvent, readEvents } from '@kumiki/testkit/kumiki-session';
import { type ScriptedModels, scriptedChat } from '@kumiki/testkit/scripted-models';

/** Where in a build a kill is aimed at. What it hits is another matter: the moment itself is left to chance. */
export const aims = ['the beginning', 'a call', 'a document', 'the closing', 'the artifact', 'the end', 'all'] as const;
export type Aim = (typeof aims)[number];

/** When what happened in a build that nobody disturbed, in milliseconds since it began, and how much there was to do. */
export type Timeline = {
  readonly firstCall: number;
  readonly lastCall: number;
  /** The embedding model was looked at again, after the generation was closed. */
  readonly recheck: number;
  readonly end: number;
  readonly calls: number;
  readonly passages: number;
};

const embedding = 'POST /api/embed';
const looking = 'GET /api/tags';

/** Watches what a build asks of the models. */
export function watchBuild(models: ScriptedModels): { end(): Timeline } {
  const began = performance.now();
  const before = models.embeddedPassages.length;
  const calls: number[] = [];
  let recheck = 0;
  models.interfere(async ({ route }) => {
    if (route === embedding) calls.push(performance.now() - began);
    if (route === looking && models.embeddedPassages.length > before) recheck = performance.now() - began;
    return undefined;
  });
  return {
    end() {
      models.interfere(null);
      return {
        firstCall: calls[0] ?? 0,
        lastCall: calls.at(-1) ?? 0,
        recheck,
        end: performance.now() - began,
        calls: calls.length,
        passages: models.embeddedPassages.length - before,
      };
    },
  };
}

export type Held = {
  /** Resolves when the build has come to where the kill is aimed at. */
  readonly reached: Promise<void>;
  /** Lets the build go on from there. */
  letGo(): void;
  /** Lets everybody go who is still held. */
  release(): void;
};

/** Makes the models tell when a build comes to where a kill is aimed at, and hold it there where that is a call. */
export function hold(
  models: ScriptedModels,
  aim: Aim,
  { random, timeline }: { readonly random: () => number; readonly timeline: Timeline },
): Held {
  const reached = Promise.withResolvers<void>();
  const free = Promise.withResolvers<void>();
  const chosen =
    aim === 'the closing' ? timeline.calls : aim === 'the beginning' ? 1 : 1 + Math.floor(random() * timeline.calls);
  let calls = 0;
  models.interfere(async ({ route, model }) => {
    if (route === embedding) calls += 1;
    const isReached =
      aim === 'the artifact'
        ? route === looking && calls === timeline.calls
        : aim === 'the end'
          ? route === 'POST /api/show' && model === scriptedChat
          : route === embedding && calls === chosen;
    if (!isReached) return undefined;
    reached.resolve();
    const isLetThrough = aim === 'a document' || aim === 'the closing' || aim === 'all';
    if (!isLetThrough) await free.promise;
    return undefined;
  });
  return {
    reached: reached.promise,
    letGo: () => free.resolve(),
    release() {
      models.interfere(null);
      free.resolve();
    },
  };
}

type Moment = {
  readonly random: () => number;
  readonly run: string;
  readonly held: Held;
  readonly timeline: Timeline;
  readonly session: KumikiSession;
};

/** Waits for a random moment around where a kill is aimed at. */
export async function waitForMoment(aim: Aim, { random, run, held, timeline, session }: Moment): Promise<void> {
  const { firstCall, lastCall, recheck, end } = timeline;
  switch (aim) {
    case 'the beginning':
      return Promise.race([wait(random() * firstCall), held.reached]);
    case 'all':
      return wait(random() * end);
    case 'a call':
      await held.reached;
      return wait(random() * 20);
    case 'a document':
      await held.reached;
      return wait(random() * 50);
    case 'the closing':
      await held.reached;
      return wait(random() * (recheck - lastCall));
    case 'the artifact':
      await held.reached;
      if (random() < 0.5) held.letGo();
      return wait(random() * 10);
    case 'the end':
      await waitForNode(session, run, 'index');
      // What is left to do is to keep the chat model, and to end the run: who waits to be told of either comes too late.
      held.letGo();
      return wait(random() * (end - recheck));
  }
}

/** Resolves when a node has ended. */
async function waitForNode(session: KumikiSession, run: string, node: string): Promise<void> {
  for await (const { data } of readEvents(await session.request(`/api/runs/${run}/events`))) {
    const event: RunEvent = JSON.parse(data);
    if (event.type === 'node-end' && event.node === node) return;
  }
}
