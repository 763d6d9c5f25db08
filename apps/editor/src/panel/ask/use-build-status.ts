import { useQuery } from '@tanstack/react-query';
import { buildsQuery, versionQuery } from '../../api/flows.ts';
import { hasSameBuildPart } from '../../flow/compare-build-part.ts';
import { useDerivedFlow, useFlow, useRuns } from '../../flow/flow-context.tsx';
import { isOver } from '../../run/run-state.ts';
import { shownRun } from '../../run/run-store.ts';

export type BuildStatus =
  | { readonly state: 'building' }
  | { readonly state: 'not-built' }
  /** `isCurrent`: nothing that a build prepares has changed in the draft since. */
  | { readonly state: 'built'; readonly number: number; readonly isCurrent: boolean };

/** What a question would be answered from; null while it is not known, and where the flow prepares nothing. */
export function useBuildStatus(): BuildStatus | null {
  const id = useFlow((state) => state.id);
  const document = useFlow((state) => state.document);
  const nodeTypes = useFlow((state) => state.nodeTypes);
  const namedFlows = useFlow((state) => state.namedFlows);
  const { isBuilt } = useDerivedFlow();
  const isBuilding = useRuns((state) => {
    const run = shownRun(state, 'build');
    return run !== null && !isOver(run.phase);
  });
  const builds = useQuery(buildsQuery(id));
  const newest = builds.data?.items[0];
  const version = useQuery({ ...versionQuery(id, newest?.version ?? 0), enabled: newest !== undefined });
  if (isBuilding) return { state: 'building' };
  if (builds.data === undefined || !isBuilt) return null;
  if (newest === undefined) return { state: 'not-built' };
  const built = version.data?.document;
  return {
    state: 'built',
    number: newest.number,
    isCurrent: built === undefined || hasSameBuildPart(document, built, { nodeTypes, namedFlows }),
  };
}
