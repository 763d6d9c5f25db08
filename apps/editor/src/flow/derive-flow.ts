import {
  type BindingTimes,
  bindGraph,
  checkFlow,
  type FlowDocument,
  type FlowGraph,
  type NodeTypeDescriptions,
  type Problem,
  readGraph,
} from '@kumiki/flow';

/** What follows from a document and the node types: ports, binding times, problems. */
export type DerivedFlow = {
  readonly graph: FlowGraph;
  readonly binding: BindingTimes;
  readonly problems: readonly Problem[];
  readonly problemsByNode: ReadonlyMap<string, readonly Problem[]>;
};

const kept = new WeakMap<FlowDocument, { types: NodeTypeDescriptions; derived: DerivedFlow }>();

/** Derived once for each state of a document, however many components ask. */
export function deriveFlow(document: FlowDocument, types: NodeTypeDescriptions): DerivedFlow {
  const found = kept.get(document);
  if (found !== undefined && found.types === types) return found.derived;
  const graph = readGraph(document, types);
  const problems = checkFlow(document, types);
  const derived: DerivedFlow = {
    graph,
    binding: bindGraph(graph),
    problems,
    problemsByNode: Map.groupBy(
      problems.filter((problem) => problem.node !== null),
      (problem) => problem.node ?? '',
    ),
  };
  kept.set(document, { types, derived });
  return derived;
}
