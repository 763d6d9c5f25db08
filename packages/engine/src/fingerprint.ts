import { createHash } from 'node:crypto';
import { canonicaliseJson, type JsonValue } from '@kumiki/flow';
import type { DocumentContent, SourceIdentity } from '@kumiki/node-sdk';
import type { PlannedNode } from './plan.ts';

/** SHA-256, hex, over the canonical form: equal JSON has an equal hash, whatever the order of its keys. */
export function hashJson(value: JsonValue): string {
  return createHash('sha256')
    .update(JSON.stringify(canonicaliseJson(value)))
    .digest('hex');
}

/** What a node's digest is made of besides itself. */
export type DigestParts = {
  readonly node: PlannedNode;
  readonly identity: SourceIdentity | null;
  /** Whether settings that the identity stands for are covered all the same, as for a value that holds them. */
  readonly withCoveredSettings: boolean;
  /** By input port: the digests of the output ports that feed it. */
  readonly inputs: Readonly<Record<string, readonly string[]>>;
};

/**
 * SHA-256 over the node type, its `behaviour`, its settings without those at their default and without those that the
 * identity stands for, the identity, and the digests of the ports that feed it. Title, position and version are no part
 * of it. The order of the wires into a stream does not matter, since documents are known by their ids.
 */
export function digestNode({ node, identity, withCoveredSettings, inputs }: DigestParts): string {
  const covered = new Set(withCoveredSettings ? [] : identity?.covers);
  const { type, behaviour } = node.type.description;
  return hashJson({
    type,
    behaviour,
    settings: Object.fromEntries(Object.entries(node.distinctSettings).filter(([name]) => !covered.has(name))),
    ...(identity !== null && { source: identity.value }),
    inputs: Object.fromEntries(Object.entries(inputs).map(([port, digests]) => [port, [...digests].sort()])),
  });
}

/** The digest of one output port: what the nodes behind it cover. */
export function digestPort(nodeDigest: string, port: string): string {
  return `${nodeDigest}/${port}`;
}

/** The digest of a static port, which depends on settings alone. */
export function digestStaticPort({ type, distinctSettings }: PlannedNode, port: string): string {
  const { description } = type;
  return hashJson({
    type: description.type,
    behaviour: description.behaviour,
    settings: distinctSettings,
    static: port,
  });
}

/** The fingerprint of something made from documents: what it is made by, and the sorted list of what went in. */
export function fingerprintContents(digest: string, contents: readonly DocumentContent[]): string {
  return hashJson({
    digest,
    contents: sortContents(contents).map(({ id, contentHash }) => [id, contentHash]),
  });
}

/** Sorted, and each once: a document may have come in by several wires. */
export function sortContents(contents: readonly DocumentContent[]): readonly DocumentContent[] {
  const distinct = new Map(contents.map((content) => [`${content.id} ${content.contentHash}`, content]));
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, content]) => content);
}
