import { canonicaliseJson } from './canonical-flow.ts';
import type { FlowDocument, FlowEdge, FlowNode, JsonValue } from './document.ts';

/** A setting before and after; undefined where it was or is absent. */
export type SettingChange = {
  readonly name: string;
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
};

export type NodeChange = {
  readonly node: string;
  /** Null where the type stayed the same. */
  readonly type: { readonly before: string; readonly after: string } | null;
  readonly title: { readonly before: string | null; readonly after: string | null } | null;
  readonly settings: readonly SettingChange[];
  readonly moved: boolean;
};

export type FlowDiff = {
  readonly name: { readonly before: string; readonly after: string } | null;
  /** Ids, sorted. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly NodeChange[];
  readonly addedEdges: readonly FlowEdge[];
  readonly removedEdges: readonly FlowEdge[];
};

/** What changed from `before` to `after`. Nodes are the same node where their id is the same. */
export function diffFlows(before: FlowDocument, after: FlowDocument): FlowDiff {
  const kept = Object.keys(before.nodes).filter((id) => Object.hasOwn(after.nodes, id));
  return {
    name: before.name === after.name ? null : { before: before.name, after: after.name },
    added: Object.keys(after.nodes)
      .filter((id) => !Object.hasOwn(before.nodes, id))
      .sort(),
    removed: Object.keys(before.nodes)
      .filter((id) => !Object.hasOwn(after.nodes, id))
      .sort(),
    changed: kept.sort().flatMap((id) => diffNodes(id, before.nodes[id], after.nodes[id])),
    addedEdges: subtractEdges(after.edges, before.edges),
    removedEdges: subtractEdges(before.edges, after.edges),
  };
}

function diffNodes(id: string, before: FlowNode | undefined, after: FlowNode | undefined): readonly NodeChange[] {
  if (before === undefined || after === undefined) return [];
  const [oldTitle, newTitle] = [before.title || null, after.title || null];
  const change: NodeChange = {
    node: id,
    type: before.type === after.type ? null : { before: before.type, after: after.type },
    title: oldTitle === newTitle ? null : { before: oldTitle, after: newTitle },
    settings: diffSettings(before.settings, after.settings),
    moved: before.position.x !== after.position.x || before.position.y !== after.position.y,
  };
  const same = change.type === null && change.title === null && change.settings.length === 0 && !change.moved;
  return same ? [] : [change];
}

function diffSettings(before: FlowNode['settings'], after: FlowNode['settings']): readonly SettingChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .map((name) => ({ name, before: before[name], after: after[name] }))
    .filter((change) => !equalJson(change.before, change.after));
}

function equalJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return JSON.stringify(canonicaliseJson(a)) === JSON.stringify(canonicaliseJson(b));
}

function subtractEdges(edges: readonly FlowEdge[], others: readonly FlowEdge[]): readonly FlowEdge[] {
  const known = new Set(others.map(({ from, to }) => `${from} ${to}`));
  return edges.filter(({ from, to }) => !known.has(`${from} ${to}`));
}
