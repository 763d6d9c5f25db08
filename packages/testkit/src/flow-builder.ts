import { type FlowDocument, flowDocumentSchema, flowFormat, type JsonValue } from '@kumiki/flow';

type NodeOptions = { readonly title?: string; readonly version?: number };

/** Writes a flow as a person would draw it: nodes from left to right, then wires. */
export class FlowBuilder {
  readonly #name: string;
  readonly #nodes: Record<string, unknown> = {};
  readonly #edges: { from: string; to: string }[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  node(id: string, type: string, settings: Record<string, JsonValue> = {}, options: NodeOptions = {}): this {
    const place = Object.keys(this.#nodes).length;
    this.#nodes[id] = { type, version: 1, settings, position: { x: place * 200, y: 0 }, ...options };
    return this;
  }

  /** From an output to an input, each as `node.port`. */
  wire(from: string, to: string): this {
    this.#edges.push({ from, to });
    return this;
  }

  /** Throws where the document has not even the shape of one; whether it makes sense is for `checkFlow`. */
  build(): FlowDocument {
    return flowDocumentSchema.parse({ format: flowFormat, name: this.#name, nodes: this.#nodes, edges: this.#edges });
  }
}

export function buildFlowDocument(name = 'Test'): FlowBuilder {
  return new FlowBuilder(name);
}
