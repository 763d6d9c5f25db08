import {
  canConnect,
  type FlowEdge,
  formatPortAddress,
  type LocalisedText,
  type NodeTypeDescription,
  type Position,
  type Problem,
  parsePortAddress,
  readGraph,
} from '@kumiki/flow';
import { type DrawnFlow, deriveFlow } from '../flow/derive-flow.ts';
import { freeNodeId, makeNode, putNode } from '../flow/document-edits.ts';

/** The end from which a wire is pulled. */
export type WireStart = { readonly address: string; readonly side: 'input' | 'output' };

export function makeEdge(start: WireStart, other: string): FlowEdge {
  return start.side === 'output' ? { from: start.address, to: other } : { from: other, to: start.address };
}

/** What every port on the other side would say to a wire: null where it fits. */
export function askPorts(
  { document, nodeTypes, namedFlows }: DrawnFlow,
  start: WireStart,
): ReadonlyMap<string, Problem | null> {
  const answers = new Map<string, Problem | null>();
  for (const { id, ports } of readGraph(document, nodeTypes, namedFlows).nodes.values()) {
    for (const port of Object.keys(start.side === 'output' ? ports.inputs : ports.outputs)) {
      const address = formatPortAddress({ node: id, port });
      answers.set(address, canConnect(document, nodeTypes, makeEdge(start, address), namedFlows));
    }
  }
  return answers;
}

export type Partner = { readonly description: NodeTypeDescription; readonly port: string; readonly row: number };

/** Node types with a port that takes the wire, each with the first such port. */
export function findPartners({ document, nodeTypes, namedFlows }: DrawnFlow, start: WireStart): readonly Partner[] {
  const nowhere: Position = { x: 0, y: 0 };
  return [...nodeTypes.values()].flatMap((description) => {
    const id = freeNodeId({ has: (wanted) => wanted in document.nodes }, description.type);
    const withNode = putNode(document, id, makeNode(description, nowhere, 'ja'));
    const ports = readGraph(withNode, nodeTypes, namedFlows).nodes.get(id)?.ports;
    const names = Object.keys((start.side === 'output' ? ports?.inputs : ports?.outputs) ?? {});
    const row = names.findIndex(
      (port) =>
        canConnect(withNode, nodeTypes, makeEdge(start, formatPortAddress({ node: id, port })), namedFlows) === null,
    );
    const port = names[row];
    return port === undefined ? [] : [{ description, port, row }];
  });
}

/** A port of a node that is there already, with the names of both. */
export type OpenPort = { readonly address: string; readonly node: string; readonly port: LocalisedText };

/** Ports in the flow that take the wire: the way to connect by keys. */
export function listOpenPorts(
  flow: DrawnFlow,
  start: WireStart,
  localise: (text: LocalisedText) => string,
): readonly OpenPort[] {
  const { nodes } = deriveFlow(flow).graph;
  return [...askPorts(flow, start)].flatMap(([address, answer]) => {
    const { node: id, port } = parsePortAddress(address);
    const node = nodes.get(id);
    const title = (start.side === 'output' ? node?.ports.inputs : node?.ports.outputs)?.[port]?.title;
    if (answer !== null || node === undefined || title === undefined) return [];
    return [{ address, node: node.node.title ?? localise(node.description.title), port: title }];
  });
}

/** The output from which a flow goes on behind a node: the first without a wire, else the first. */
export function findNextOutput(flow: DrawnFlow, node: string): WireStart | null {
  const { document } = flow;
  const ports = Object.keys(deriveFlow(flow).graph.nodes.get(node)?.ports.outputs ?? {});
  const addresses = ports.map((port) => formatPortAddress({ node, port }));
  const open = addresses.find((address) => document.edges.every(({ from }) => from !== address));
  const address = open ?? addresses[0];
  return address === undefined ? null : { address, side: 'output' };
}

/** The one port of a node that takes the wire; null where none or several do. */
export function onlyFittingPort(answers: ReadonlyMap<string, Problem | null>, node: string): string | null {
  const fitting = [...answers].filter(
    ([address, answer]) => answer === null && parsePortAddress(address).node === node,
  );
  return fitting.length === 1 ? (fitting[0]?.[0] ?? null) : null;
}
