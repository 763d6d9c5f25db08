import { followRun } from '../api/run-events.ts';
import * as api from '../api/runs.ts';
import type { RunState } from './run-state.ts';
import type { RunStore } from './run-store.ts';

type RunControlOptions = {
  readonly flow: string;
  readonly runs: RunStore;
  /** Saves what is unsaved: the server builds and asks the draft that it has. */
  readonly flush: () => Promise<void>;
  /** Told when the server refuses to build or to ask. */
  readonly onRefused?: (error: unknown) => void;
  /** Told when a run has ended, so that lists of builds and runs are read again. */
  readonly onEnd: (run: RunState) => void;
  /** Told when a build that was started here has failed, so that what is wrong is shown and not only counted. */
  readonly onBuildFailed?: () => void;
};

export type RunControl = {
  /** Builds the draft and gives the run's id. Rejects with an `ApiError` where it is refused. */
  readonly build: () => Promise<string>;
  /** Asks the draft and gives the run's id. */
  readonly ask: (question: api.Question) => Promise<string>;
  readonly stop: (run: string) => Promise<void>;
  /** Shows a past run on the canvas, or goes on following one that is still at work. */
  readonly replay: (run: string, kind: RunState['kind']) => Promise<void>;
  /** Stops listening. The runs themselves go on. */
  readonly dispose: () => void;
};

/** Starts runs of the open flow and brings their events into the run store. */
export function createRunControl({
  flow,
  runs,
  flush,
  onEnd,
  onRefused,
  onBuildFailed,
}: RunControlOptions): RunControl {
  const aborter = new AbortController();

  /** Gives the run as it ended; null where nobody listens any more. */
  const follow = async (id: string): Promise<RunState | null> => {
    const { receive } = runs.getState();
    await followRun({ run: id, signal: aborter.signal, onEvents: (events) => receive(id, events) });
    const ended = runs.getState().runs[id];
    if (ended === undefined || aborter.signal.aborted) return null;
    onEnd(ended);
    return ended;
  };

  const orRefused = async <Started>(call: Promise<Started>): Promise<Started> => {
    try {
      return await call;
    } catch (error) {
      onRefused?.(error);
      throw error;
    }
  };

  const start = (id: string, kind: RunState['kind']): string => {
    runs.getState().expect(id, kind);
    void follow(id).then(
      (ended) => {
        if (kind === 'build' && ended?.phase === 'failed') onBuildFailed?.();
      },
      // Where the events cannot be read the run is shown as it was last seen; its list tells how it ended.
      () => runs.getState().lose(id),
    );
    return id;
  };

  return {
    build: async () => {
      await flush();
      const { run } = await orRefused(api.startBuild(flow));
      return start(run, 'build');
    },
    ask: async (question) => {
      await flush();
      const { id } = await orRefused(api.startRun(flow, question));
      return start(id, 'question');
    },
    stop: async (run) => {
      await api.cancelRun(run);
    },
    replay: async (run, kind) => {
      if (runs.getState().runs[run] !== undefined) {
        runs.getState().show(run);
        return;
      }
      runs.getState().expect(run, kind);
      await follow(run);
    },
    dispose: () => aborter.abort(),
  };
}
