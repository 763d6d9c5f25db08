import type { Plan, PlannedNode, PlannedSource } from './plan.ts';

/** The nodes with these places and all that feeds them at build time, by whatever way. */
export function findUpstream(plan: Plan, places: Iterable<number>): ReadonlySet<number> {
  const found = new Set(places);
  for (const index of found) {
    for (const { sources } of plan.nodes[index]?.inputs ?? []) {
      for (const { node, time } of sources) if (time === 'build') found.add(node);
    }
  }
  return found;
}

/** Values that must have been computed before a node can work: its own, and those of the nodes that stream into it. */
export function findNeededValues(plan: Plan, node: PlannedNode): readonly PlannedSource[] {
  const values: PlannedSource[] = [];
  const working = new Set([node]);
  for (const { inputs } of working) {
    for (const { stream, sources } of inputs) {
      if (!stream) values.push(...sources);
      else for (const source of sources) addNode(working, plan.nodes[source.node]);
    }
  }
  return values;
}

/**
 * What a build has to leave behind: artifacts, values that questions use, what was identified outside (a build tells
 * which models it was made with, also where nothing had to be made), and what acts.
 */
export function findRoots(plan: Plan): readonly PlannedNode[] {
  return plan.nodes.filter(({ time, role, type, outputs }) => {
    if (time !== 'build') return false;
    if (role === 'artifact') return true;
    if (role !== 'value') return false;
    if (type.description.effect === 'acts' || type.identify !== null) return true;
    return outputs.some((output) => !output.static && isAsked(plan, output.consumers));
  });
}

/** Nodes with a static output that a question uses. */
export function findStaticRoots(plan: Plan): readonly PlannedNode[] {
  return plan.nodes.filter(({ outputs }) => outputs.some((output) => output.static && isAsked(plan, output.consumers)));
}

function isAsked(plan: Plan, consumers: readonly number[]): boolean {
  return consumers.some((consumer) => plan.nodes[consumer]?.time === 'request');
}

function addNode(nodes: Set<PlannedNode>, node: PlannedNode | undefined): void {
  if (node !== undefined) nodes.add(node);
}
