import { nameNode } from './check-settings.ts';
import { type FlowEdge, type PortAddress, parsePortAddress } from './document.ts';
import type { FlowGraph, GraphNode } from './flow-graph.ts';
import { formatJsonPointer } from './json-pointer.ts';
import type { InputPortDescription, LocalisedText, OutputPortDescription } from './node-type-description.ts';
import { nameKind, nameKinds } from './port-kind-names.ts';
import { isStreamKind, type PortKind } from './port-kinds.ts';
import type { Problem, ProblemCode } from './problem.ts';

/** Both ends of a wire that exist and agree on a kind. */
export type EdgeEnds = {
  readonly from: PortAddress;
  readonly to: PortAddress;
  readonly source: GraphNode;
  readonly target: GraphNode;
  readonly output: OutputPortDescription;
  readonly input: InputPortDescription;
};

export function makeEdgeProblem(
  index: number,
  code: ProblemCode,
  node: string | null,
  message: LocalisedText,
): Problem {
  return { code, severity: 'error', node, path: formatJsonPointer(['edges', index]), message };
}

/** Looks up both ends of a wire; a problem where one is missing or their kinds differ. */
export function findEdgeEnds(graph: FlowGraph, edge: Pick<FlowEdge, 'from' | 'to'>, index: number): EdgeEnds | Problem {
  const from = parsePortAddress(edge.from);
  const to = parsePortAddress(edge.to);
  const source = graph.nodes.get(from.node);
  const target = graph.nodes.get(to.node);
  if (source === undefined || target === undefined) {
    return makeEdgeProblem(index, 'unknown-node', null, describeUnknownNode(source ? to.node : from.node));
  }
  const output = source.ports.outputs[from.port];
  if (output === undefined) {
    return makeEdgeProblem(index, 'unknown-port', from.node, describeUnknownPort(source, from, 'output'));
  }
  const input = target.ports.inputs[to.port];
  if (input === undefined) {
    return makeEdgeProblem(index, 'unknown-port', to.node, describeUnknownPort(target, to, 'input'));
  }
  if (!input.kinds.includes(output.kind)) {
    return makeEdgeProblem(index, 'kind-mismatch', to.node, describeMismatch(target, input, output.kind));
  }
  return { from, to, source, target, output, input };
}

/** Problems that a wire has with those that came to the same node before it. */
export function findSiblingProblem(
  graph: FlowGraph,
  { from, to, source, target, output, input }: EdgeEnds,
  index: number,
): Problem | null {
  const earlier = target.incoming.filter((wire) => wire.index < index);
  const siblings = earlier.filter((wire) => wire.to.port === to.port);
  if (siblings.some((wire) => wire.from.node === from.node && wire.from.port === from.port)) {
    const [start, end] = [nameNode(source.node, source.description), nameNode(target.node, target.description)];
    return makeEdgeProblem(index, 'duplicate-edge', to.node, {
      en: `“${start.en}” and “${end.en}” are connected twice at the same ports. Remove one of the wires.`,
      ja: `「${start.ja}」と「${end.ja}」の同じポートが二重につながれています。線を 1 本外してください。`,
    });
  }
  if (siblings.length > 0 && !isStreamKind(output.kind)) {
    return makeEdgeProblem(index, 'input-taken', to.node, describeTaken(target, input));
  }
  const other = findOtherKind(graph, target, { port: to.port, kind: output.kind, index });
  return other === null
    ? null
    : makeEdgeProblem(index, 'kind-mismatch', to.node, describeMixedKinds(target, output.kind, other));
}

/** The kind at another input of the same `same-kind` rule that differs, or null. */
function findOtherKind(
  graph: FlowGraph,
  target: GraphNode,
  wire: { readonly port: string; readonly kind: PortKind; readonly index: number },
): PortKind | null {
  for (const rule of target.description.portRules) {
    if (rule.rule !== 'same-kind' || !rule.inputs.includes(wire.port)) continue;
    for (const { from, to, index } of target.incoming) {
      if (index >= wire.index || to.port === wire.port || !rule.inputs.includes(to.port)) continue;
      const other = graph.nodes.get(from.node)?.ports.outputs[from.port]?.kind;
      if (other !== undefined && other !== wire.kind) return other;
    }
  }
  return null;
}

function describeUnknownNode(id: string): LocalisedText {
  return {
    en: `A wire names the node “${id}”, which is not in this flow. Remove the wire, or add the node.`,
    ja: `線の先の部品「${id}」がこのフローにありません。線を外すか、部品を追加してください。`,
  };
}

function describeUnknownPort(node: GraphNode, address: PortAddress, side: 'input' | 'output'): LocalisedText {
  const title = nameNode(node.node, node.description);
  return side === 'input'
    ? {
        en: `“${title.en}” has no input “${address.port}”. Connect the wire to another input, or remove it.`,
        ja: `「${title.ja}」に「${address.port}」という入力はありません。別の入力につなぐか、線を外してください。`,
      }
    : {
        en: `“${title.en}” has no output “${address.port}”. Start the wire at another output, or remove it.`,
        ja: `「${title.ja}」に「${address.port}」という出力はありません。別の出力からつなぐか、線を外してください。`,
      };
}

function describeMismatch(
  target: GraphNode,
  input: { readonly title: LocalisedText; readonly kinds: readonly PortKind[] },
  kind: PortKind,
): LocalisedText {
  const title = nameNode(target.node, target.description);
  const wanted = nameKinds(input.kinds);
  const given = nameKind(kind);
  return {
    en: `“${input.title.en}” of “${title.en}” takes ${wanted.en}, but ${given.en} arrives there. Connect another output.`,
    ja: `「${title.ja}」の「${input.title.ja}」が受け取れるのは${wanted.ja}ですが、${given.ja}がつながれています。別の出力からつないでください。`,
  };
}

function describeMixedKinds(target: GraphNode, kind: PortKind, other: PortKind): LocalisedText {
  const title = nameNode(target.node, target.description);
  return {
    en: `The inputs of “${title.en}” must be of one kind, but ${nameKind(kind).en} and ${nameKind(other).en} arrive there. Remove one of the wires.`,
    ja: `「${title.ja}」の入力は同じ種類にそろえる必要がありますが、${nameKind(kind).ja}と${nameKind(other).ja}がつながれています。どちらかの線を外してください。`,
  };
}

function describeTaken(target: GraphNode, input: { readonly title: LocalisedText }): LocalisedText {
  const title = nameNode(target.node, target.description);
  return {
    en: `“${input.title.en}” of “${title.en}” takes one wire and has one already. Remove that one first.`,
    ja: `「${title.ja}」の「${input.title.ja}」につなげる線は 1 本だけで、すでにつながっています。先にその線を外してください。`,
  };
}
