import type { Schemas } from '@kumiki/client';
import { useQuery } from '@tanstack/react-query';
import { buildsQuery } from '../api/flows.ts';
import { useFlow } from '../flow/flow-context.tsx';

export type Artifact = NonNullable<Schemas['BuiltArtifact']>;

/** What the newest build keeps of a node, or null. */
export function useArtifact(node: string): Artifact | null {
  const id = useFlow((state) => state.id);
  const { data } = useQuery(buildsQuery(id));
  return data?.items[0]?.artifacts.find((artifact) => artifact.node === node) ?? null;
}
