import type { DocumentContent, SourceIdentity } from '@kumiki/node-sdk';
import { digestNode, digestPort, digestStaticPort, fingerprintContents } from './fingerprint.ts';
import type { Plan, PlannedNode, PlannedSource } from './plan.ts';

/** What a node is known by. */
export type Digests = {
  /** Without contents: what stays when documents come and go. */
  readonly lineage: string;
  /** With contents, once they are known. */
  readonly fingerprint: string;
  /**
   * The fingerprint with the settings that identities stand for. A model's value names its host, though its
   * fingerprint does not: two hosts with the same weights give equal indexes, but not the same value.
   */
  readonly exact: string;
};

const modes = ['lineage', 'fingerprint', 'exact'] as const;

/** Digests of a node from those of the nodes that feed it, contents not yet counted. */
export function digestFromInputs(
  plan: Plan,
  node: PlannedNode,
  identity: SourceIdentity | null,
  feeding: ReadonlyMap<number, Digests>,
): Digests {
  const digestIn = (mode: keyof Digests) => {
    const wired = node.inputs.filter(({ sources }) => sources.length > 0);
    const inputs = Object.fromEntries(
      wired.map(({ name, sources }) => [name, sources.map((source) => digestSource(plan, source, feeding, mode))]),
    );
    return digestNode({ node, identity, withCoveredSettings: mode === 'exact', inputs });
  };
  const [lineage, fingerprint, exact] = modes.map(digestIn);
  return { lineage: lineage ?? '', fingerprint: fingerprint ?? '', exact: exact ?? '' };
}

/** Counts in what a node was made from. An artifact never holds what an identity stands for, so its two are one. */
export function addContents(node: PlannedNode, base: Digests, contents: readonly DocumentContent[] | null): Digests {
  const { lineage } = base;
  const fingerprint = contents === null ? base.fingerprint : fingerprintContents(base.fingerprint, contents);
  if (node.role === 'artifact') return { lineage, fingerprint, exact: fingerprint };
  return { lineage, fingerprint, exact: contents === null ? base.exact : fingerprintContents(base.exact, contents) };
}

function digestSource(
  plan: Plan,
  source: PlannedSource,
  feeding: ReadonlyMap<number, Digests>,
  mode: keyof Digests,
): string {
  const node = plan.nodes[source.node];
  const output = node?.outputs.find(({ name }) => name === source.port);
  if (node !== undefined && output?.static === true) return digestStaticPort(node, source.port);
  return digestPort(feeding.get(source.node)?.[mode] ?? '', source.port);
}
