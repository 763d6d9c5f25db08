import type { StoreConnection } from '../database/open-store.ts';
import { type RunKind, runKinds } from '../schema/runs.ts';

const channel = 'kumiki_runs';
/** Notifications make commits wait for one another, so those of many runs become one. */
const gatherMilliseconds = 5;

/** Tells the workers of all processes on one server that a run waits. It is a hint and may be lost: workers look by themselves. */
export type RunBell = {
  ring(kind: RunKind): void;
  /** Calls back for every ring, and once for each kind when the connection is there again. */
  listen(onRing: (kind: RunKind) => void): Promise<void>;
  close(): Promise<void>;
};

export function openBell(
  { client }: Extract<StoreConnection, { kind: 'server' }>,
  onError: (error: unknown) => void,
): RunBell {
  const waiting = new Set<RunKind>();
  let timer: NodeJS.Timeout | null = null;
  let unlisten: (() => Promise<void>) | null = null;
  const send = () => {
    timer = null;
    for (const kind of waiting) client.notify(channel, kind).catch(onError);
    waiting.clear();
  };
  return {
    ring(kind) {
      waiting.add(kind);
      timer ??= setTimeout(send, gatherMilliseconds);
    },
    async listen(onRing) {
      const onPayload = (payload: string) => {
        const kind = runKinds.find((known) => known === payload);
        if (kind !== undefined) onRing(kind);
      };
      const listening = await client.listen(channel, onPayload, () => runKinds.forEach(onRing));
      unlisten = listening.unlisten;
    },
    async close() {
      if (timer !== null) clearTimeout(timer);
      // Gone with the database, if that is away.
      await unlisten?.().catch(() => {});
    },
  };
}
