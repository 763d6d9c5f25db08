import type {
  DataSetValue,
  DocumentHead,
  DocumentSource,
  NodeContext,
  NodeType,
  PortValue,
  PulledPortValues,
  StreamElement,
} from '@kumiki/node-sdk';

/** Runs an artifact-making node as the engine does: settings parsed with its schema, streams not yet open. */
export async function makeArtifact(
  nodeType: NodeType,
  call: {
    readonly settings?: Readonly<Record<string, unknown>>;
    readonly inputs: Readonly<Record<string, PulledPortValues[keyof PulledPortValues] | undefined>>;
    readonly context: NodeContext;
    readonly lineage?: string;
  },
): Promise<{
  readonly outputs: Readonly<Record<string, PortValue>>;
  readonly contents: readonly { readonly id: string; readonly contentHash: string }[];
}> {
  const { behaviour, description } = nodeType;
  if (behaviour.role !== 'artifact') throw new Error(`${description.type} makes no artifact`);
  return await behaviour.make({
    settings: nodeType.settings.parse(call.settings ?? {}),
    inputs: call.inputs,
    context: call.context,
    lineage: call.lineage ?? 'lineage',
    owner: 'run',
  });
}

/** A stream that was not opened yet, of elements at hand. */
export function makeSource<Item>(elements: readonly StreamElement<Item>[]): DocumentSource<Item> {
  return {
    manifest: elements.map(({ document: { id, name } }) => ({ id, name, identity: id, contentHash: null })),
    async *read(ids) {
      for (const element of elements) if (ids === 'all' || ids.includes(element.document.id)) yield element;
    },
  };
}

/** All of a document, as a loader puts it out. */
export function makeElement<Item>(
  id: string,
  items: readonly Item[],
  parts: Partial<DocumentHead> = {},
): StreamElement<Item> {
  return {
    document: { id, name: id, mediaType: 'application/json', contentHash: `hash of ${id}`, metadata: {}, ...parts },
    items,
  };
}

/** The port's kind says what travels on it; a test takes it for that, as the next node would. */
export function asDataSet(value: PortValue | undefined): DataSetValue {
  return value as DataSetValue;
}
