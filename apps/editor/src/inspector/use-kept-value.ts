import { useQuery } from '@tanstack/react-query';
import { buildsQuery } from '../api/flows.ts';
import { useFlow } from '../flow/flow-context.tsx';

/** The value of an output port as a build keeps it, and the fingerprint of the artifact that it belongs to. */
export type KeptValue = { readonly fingerprint: string; readonly value: unknown };

/** What the newest build keeps of a node's output, or null. */
export function useKeptValue(node: string, port: string): KeptValue | null {
  const id = useFlow((state) => state.id);
  const { data } = useQuery(buildsQuery(id));
  const artifact = data?.items[0]?.artifacts.find((candidate) => candidate.node === node);
  if (artifact === undefined) return null;
  // An artifact's values are told by port.
  const { fingerprint, value: values } = artifact;
  if (typeof values !== 'object' || values === null) return null;
  const value: unknown = new Map<string, unknown>(Object.entries(values)).get(port);
  return value === undefined ? null : { fingerprint, value };
}
