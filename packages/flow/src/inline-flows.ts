import { type FlowDocument, type FlowEdge, type FlowNode, formatPortAddress } from './document.ts';
import { type FlowGraph, type GraphNode, type NodeTypeDescriptions, readGraph } from './flow-graph.ts';
import { type FlowReference, findItemInput, type NamedFlow, type NamedFlows, readFlowUse } from './named-flow.ts';
import { readSetting } from './read-setting.ts';

/** A flow that a node asks for every item of a list: its nodes stand below the node's path, with borders of their own. */
export type FlowBody = {
  /** The name of the input that gets the item. */
  readonly item: string;
  /** The path of the output that answers. */
  readonly output: string;
  /** Paths of its input nodes by their names. */
  readonly inputs: ReadonlyMap<string, string>;
};

/** A flow with the flows that it names put in their places. */
export type InlinedFlow = {
  /** Nodes by their paths: `search`, `helpdesk/search`. It is planned and never saved: ids of a file have no `/`. */
  readonly document: FlowDocument;
  /** By the path of the node that asks. */
  readonly bodies: ReadonlyMap<string, FlowBody>;
  /** Which version stands below a node's path. */
  readonly references: ReadonlyMap<string, FlowReference>;
};

/**
 * Puts every flow that is named in the place of the node that names it. `input` and `output` nodes are a flow's border:
 * where it is asked once, wires go through them, and they vanish; where it is asked for every item of a list, they stay.
 * Only what leads to the named output comes along. The document has to be sound, and so have those that it names.
 */
export function inlineFlows(document: FlowDocument, nodeTypes: NodeTypeDescriptions, flows: NamedFlows): InlinedFlow {
  const inliner = new Inliner(nodeTypes, flows);
  const graph = readGraph(document, nodeTypes, flows);
  inliner.add({ graph, path: '', wanted: new Set(graph.nodes.keys()), given: null });
  const { nodes, edges, bodies, references } = inliner;
  // Untouched where it names none, so that the order of its nodes and wires stays what it is.
  const inlined = references.size === 0 ? document : { ...document, nodes, edges };
  return { document: inlined, bodies, references };
}

type Part = {
  readonly graph: FlowGraph;
  /** What stands before the ids of its nodes: empty, or `helpdesk/`. */
  readonly path: string;
  readonly wanted: ReadonlySet<string>;
  /** What its inputs stand for, by their names; null where they stay nodes. */
  readonly given: ReadonlyMap<string, string> | null;
};

class Inliner {
  readonly #nodeTypes: NodeTypeDescriptions;
  readonly #flows: NamedFlows;
  readonly nodes: Record<string, FlowNode> = {};
  readonly edges: FlowEdge[] = [];
  readonly bodies = new Map<string, FlowBody>();
  readonly references = new Map<string, FlowReference>();

  constructor(nodeTypes: NodeTypeDescriptions, flows: NamedFlows) {
    this.#nodeTypes = nodeTypes;
    this.#flows = flows;
  }

  /** Adds the nodes of one flow, sources first, and gives where each of its ports is found, by `node.port`. */
  add({ graph, path, wanted, given }: Part): ReadonlyMap<string, string> {
    const places = new Map<string, string>();
    for (const inner of graph.nodes.values()) {
      if (!wanted.has(inner.id)) continue;
      if (given !== null && inner.description.family === 'input') {
        const source = given.get(readName(inner));
        for (const port of Object.keys(inner.ports.outputs)) {
          if (source !== undefined) places.set(formatPortAddress({ node: inner.id, port }), source);
        }
        continue;
      }
      // The border of a flow that is asked once: `addUse` looks at what reaches it.
      if (given !== null && inner.description.family === 'output') continue;
      for (const [port, place] of this.#addNode(inner, path, places)) {
        places.set(formatPortAddress({ node: inner.id, port }), place);
      }
    }
    return places;
  }

  #addNode(inner: GraphNode, path: string, places: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
    const { id, node, description, incoming, ports } = inner;
    const use = readFlowUse(node, description);
    const named = use === null ? null : this.#flows.find(use.reference);
    const arriving = incoming.flatMap(({ from, to }) => {
      const place = places.get(formatPortAddress(from));
      return place === undefined ? [] : [[to.port, place] as const];
    });
    const place = path + id;
    if (use !== null && named !== null && typeof named !== 'string') {
      this.references.set(place, use.reference);
      if (!use.perItem) return this.#addOnce(named, use.output, place, new Map(arriving));
      const item = findItemInput(use, named);
      if (item !== null) this.#addBody(named, { output: use.output, item, place });
    }
    this.nodes[place] = node;
    for (const [port, from] of arriving) this.edges.push({ from, to: formatPortAddress({ node: place, port }) });
    return new Map(Object.keys(ports.outputs).map((port) => [port, formatPortAddress({ node: place, port })]));
  }

  #addOnce(named: NamedFlow, name: string, place: string, given: ReadonlyMap<string, string>) {
    const graph = readGraph(named.document, this.#nodeTypes, this.#flows);
    const output = findOutput(graph, name);
    const found = new Map<string, string>();
    if (output === null) return found;
    const places = this.add({ graph, path: `${place}/`, wanted: findLeading(graph, output), given });
    for (const { from, to } of output.incoming) {
      const source = places.get(formatPortAddress(from));
      if (source !== undefined) found.set(to.port, source);
    }
    return found;
  }

  #addBody(named: NamedFlow, body: { readonly output: string; readonly item: string; readonly place: string }): void {
    const graph = readGraph(named.document, this.#nodeTypes, this.#flows);
    const output = findOutput(graph, body.output);
    if (output === null) return;
    const wanted = findLeading(graph, output);
    const path = `${body.place}/`;
    this.add({ graph, path, wanted, given: null });
    const inputs = [...graph.nodes.values()].filter(
      ({ id, description }) => wanted.has(id) && description.family === 'input',
    );
    this.bodies.set(body.place, {
      item: body.item,
      output: path + output.id,
      inputs: new Map(inputs.map((input) => [readName(input), path + input.id])),
    });
  }
}

function findOutput(graph: FlowGraph, name: string): GraphNode | null {
  const outputs = [...graph.nodes.values()].filter(({ description }) => description.family === 'output');
  return outputs.find((output) => readName(output) === name) ?? null;
}

function findLeading(graph: FlowGraph, output: GraphNode): ReadonlySet<string> {
  const leading = new Set([output.id]);
  for (const id of leading) for (const { from } of graph.nodes.get(id)?.incoming ?? []) leading.add(from.node);
  return leading;
}

function readName({ node, description }: GraphNode): string {
  const name = readSetting(node, description, 'name');
  return typeof name === 'string' ? name : '';
}
