import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { followRun } from '../api/run-events.ts';
import type { RunEvent } from '../run/run-state.ts';

export type Progress = Extract<RunEvent, { type: 'experiment-progress' }>;

/** Follows the run of an experiment while it is at work. Once it has ended, everything about it is read again. */
export function useProgress(experiment: string, run: string, isLive: boolean): Progress | null {
  const queries = useQueryClient();
  const [progress, setProgress] = useState<Progress | null>(null);
  useEffect(() => {
    if (!isLive) return;
    const aborter = new AbortController();
    const readAgain = () => queries.invalidateQueries({ queryKey: ['experiments'] });
    followRun({
      run,
      signal: aborter.signal,
      onEvents: (events) => {
        const last = events.findLast((event) => event.type === 'experiment-progress');
        if (last !== undefined) setProgress(last);
        // Its state and its start are in the experiment itself.
        if (events.some(({ type }) => type === 'run-start'))
          void queries.invalidateQueries({ queryKey: ['experiments', experiment], exact: true });
      },
    })
      .catch(() => undefined)
      .finally(() => {
        if (!aborter.signal.aborted) void readAgain();
      });
    return () => aborter.abort();
  }, [experiment, run, isLive, queries]);
  return progress;
}
