import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { runsQuery } from '../api/runs.ts';
import { useFlow, useOpenFlow } from '../flow/flow-context.tsx';
import { useAsked } from './ask/ask-store.ts';
import { readRunQuestion } from './read-run-question.ts';

/** An opened flow shows what it showed last: its newest build and its newest question, also those still at work. */
export function useShowLatestRuns(): void {
  const id = useFlow((state) => state.id);
  const { runs, control } = useOpenFlow();
  const { data } = useQuery(runsQuery(id));
  useEffect(() => {
    for (const kind of ['build', 'question'] as const) {
      // What callers of an endpoint ask is answered without telling of each node; there would be little to show.
      const newest = data?.items.find((run) => run.kind === kind && run.endpoint === null);
      if (newest === undefined || runs.getState().shown[kind] !== null) continue;
      // A run that cannot be read any more is simply not shown.
      void control.replay(newest.id, kind).catch(() => runs.getState().lose(newest.id));
      if (kind === 'question') useAsked.getState().recall({ flow: id, run: newest.id, ...readRunQuestion(newest) });
    }
  }, [data, id, runs, control]);
}
