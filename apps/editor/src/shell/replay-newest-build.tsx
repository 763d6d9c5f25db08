import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { runsQuery } from '../api/runs.ts';
import { useOpenFlow } from '../flow/flow-context.tsx';

/** A flow that is opened shows its newest build, and goes on following one that is still at work. */
export function ReplayNewestBuild() {
  const { flow, runs, control } = useOpenFlow();
  const { data } = useQuery(runsQuery(flow.getState().id));
  const newest = data?.items.find(({ kind }) => kind === 'build')?.id;
  useEffect(() => {
    if (newest === undefined || runs.getState().shown.build !== null) return;
    // Without it the canvas shows no states, and nothing else is lost.
    control.replay(newest, 'build').catch(() => runs.getState().clear('build'));
  }, [newest, runs, control]);
  return null;
}
