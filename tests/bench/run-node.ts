import type {
  EmbeddedChunk,
  EmbeddingModelValue,
  IndexValue,
  NodeContext,
  NodeType,
  Passage,
  PortValue,
  Stream,
} from '@kumiki/node-sdk';

/** All of a context but the services: a bench has nobody to tell. */
export const silentContext = {
  workspace: 'default',
  node: 'bench',
  idempotencyKey: 'bench',
  askFlow: () => Promise.reject(new Error('A bench has no flow to ask')),
  progress: () => undefined,
  showTraining: () => undefined,
  emitText: () => undefined,
  reportUsage: () => undefined,
  warn: () => undefined,
  recordDocumentError: () => undefined,
} satisfies Partial<NodeContext>;

/** Runs a node type once, with the settings that a new node has unless told otherwise. */
export async function runNode(
  nodeType: NodeType,
  call: {
    readonly settings?: Readonly<Record<string, unknown>>;
    readonly inputs?: Readonly<Record<string, PortValue | undefined>>;
    readonly context: NodeContext;
  },
): Promise<Readonly<Record<string, PortValue | undefined>>> {
  if (nodeType.behaviour.role !== 'run') throw new Error(`${nodeType.description.type} does not compute`);
  const settings = nodeType.settings.parse(call.settings ?? {});
  return nodeType.behaviour.run({ settings, inputs: call.inputs ?? {}, variables: {}, context: call.context });
}

type Carried = {
  vectors: Stream<EmbeddedChunk>;
  'embedding-model': EmbeddingModelValue;
  index: IndexValue;
  passages: readonly Passage[];
};

/** Node types are erased; which kind a port carries is said by their descriptions, as the engine trusts them too. */
export function asKind<Kind extends keyof Carried>(value: PortValue | undefined): Carried[Kind] {
  return value as Carried[Kind];
}
