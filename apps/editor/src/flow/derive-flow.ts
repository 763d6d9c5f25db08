import {
  type BindingTimes,
  bindGraph,
  checkFlow,
  type FlowDocument,
  type FlowGraph,
  hasBuildPart,
  type NamedFlows,
  type NodeTypeDescriptions,
  type Problem,
  readGraph,
} from '@kumiki/flow';

/** What follows from a document and the node types: ports, binding times, problems. */
export type DerivedFlow = {
  readonly graph: FlowGraph;
  readonly binding: BindingTimes;
  /** Whether a build makes anything for it. */
  readonly isBuilt: boolean;
  readonly problems: readonly Problem[];
  readonly problemsByNode: ReadonlyMap<string, readonly Problem[]>;
};

/** A document, and what it takes to understand it. */
export type DrawnFlow = {
  readonly document: FlowDocument;
  readonly nodeTypes: NodeTypeDescriptions;
  readonly namedFlows: NamedFlows;
};

const kept = new WeakMap<FlowDocument, { drawn: DrawnFlow; derived: DerivedFlow }>();

/** Derived once for each state of a document, however many components ask. */
export function deriveFlow({ document, nodeTypes, namedFlows }: DrawnFlow): DerivedFlow {
  const found = kept.get(document);
  if (found?.drawn.nodeTypes === nodeTypes && found.drawn.namedFlows === namedFlows) return found.derived;
  const graph = readGraph(document, nodeTypes, namedFlows);
  const binding = bindGraph(graph);
  const problems = checkFlow(document, nodeTypes, namedFlows);
  const derived: DerivedFlow = {
    graph,
    binding,
    isBuilt: hasBuildPart(graph, binding, namedFlows),
    problems,
    problemsByNode: Map.groupBy(
      problems.filter((problem) => problem.node !== null),
      (problem) => problem.node ?? '',
    ),
  };
  kept.set(document, { drawn: { document, nodeTypes, namedFlows }, derived });
  return derived;
}
