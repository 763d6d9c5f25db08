import {
  type FlowDocument,
  type FlowNode,
  formatPortAddress,
  type JsonValue,
  type LocalisedText,
  type NodeTypeDescriptions,
  type PortAddress,
} from '@kumiki/flow';
import { addEdge, freeNodeId, makeNode, putNode } from './document-edits.ts';

export type Sketch = ReturnType<typeof openSketch>;

type Drawn = {
  readonly type: string;
  readonly title?: LocalisedText;
  /** Beside what a new node of the type comes with. */
  readonly settings?: Readonly<Record<string, JsonValue>>;
};

/** Nodes and wires that are added to a document by program; they have no places yet. */
export function openSketch(document: FlowDocument, nodeTypes: NodeTypeDescriptions, language: keyof LocalisedText) {
  let drawn = document;
  const added: string[] = [];
  const put = (node: FlowNode): string => {
    const id = freeNodeId({ has: (taken) => taken in drawn.nodes }, node.type);
    drawn = putNode(drawn, id, node);
    added.push(id);
    return id;
  };
  return {
    /** Throws where the server does not have the type. */
    add: ({ type, title, settings = {} }: Drawn): string => {
      const description = nodeTypes.get(type);
      if (description === undefined) throw new Error(`There is no node type ${type}`);
      const fresh = makeNode(description, { x: 0, y: 0 }, language);
      return put({
        ...fresh,
        settings: { ...fresh.settings, ...settings },
        ...(title !== undefined && { title: title[language] }),
      });
    },
    /** The same node once more, under the name of its type. */
    copy: ({ title: _, ...node }: FlowNode, settings: FlowNode['settings'] = node.settings): string =>
      put({ ...node, settings }),
    wire: (from: PortAddress, node: string, port: string): void => {
      drawn = addEdge(drawn, { from: formatPortAddress(from), to: formatPortAddress({ node, port }) });
    },
    read: () => ({ document: drawn, added: added as readonly string[] }),
  };
}
