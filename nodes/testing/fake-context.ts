import type {
  ChatEvent,
  ChatRequest,
  DataSetAccess,
  DocumentIndex,
  DocumentParser,
  ErrorReport,
  FileAccess,
  HostModel,
  ModelAccess,
  NodeContext,
  Progress,
  TableAccess,
  TokenUsage,
  TrainingAccess,
  TrainingReport,
  WebAccess,
} from '@kumiki/node-sdk';

/** What a node did to the world while it ran. */
export type ContextRecord = {
  readonly texts: string[];
  readonly usages: TokenUsage[];
  readonly warnings: string[];
  readonly documentErrors: { id: string; error: ErrorReport }[];
  readonly progress: Progress[];
  readonly training: TrainingReport[];
};

export type FakeContext = NodeContext & { readonly record: ContextRecord };

/** A context of which a test gives only what the node needs; asking for anything else fails the test. */
export function createFakeContext(
  parts: {
    models?: Partial<ModelAccess>;
    index?: Partial<DocumentIndex>;
    web?: WebAccess;
    tables?: Partial<TableAccess>;
    files?: Partial<FileAccess>;
    documents?: Partial<DocumentParser>;
    datasets?: Partial<DataSetAccess>;
    training?: Partial<TrainingAccess>;
    askFlow?: NodeContext['askFlow'];
    signal?: AbortSignal;
  } = {},
): FakeContext {
  const record: ContextRecord = { texts: [], usages: [], warnings: [], documentErrors: [], progress: [], training: [] };
  return {
    workspace: 'workshop',
    node: 'node',
    signal: parts.signal ?? new AbortController().signal,
    idempotencyKey: 'key',
    models: refuseTheRest('models', parts.models ?? {}),
    index: refuseTheRest('index', parts.index ?? {}),
    files: refuseTheRest('files', parts.files ?? {}),
    documents: refuseTheRest('documents', parts.documents ?? {}),
    web: parts.web ?? refuseTheRest<WebAccess>('web', {}),
    tables: refuseTheRest('tables', parts.tables ?? {}),
    datasets: refuseTheRest('datasets', parts.datasets ?? {}),
    training: refuseTheRest('training', parts.training ?? {}),
    askFlow: parts.askFlow ?? (() => Promise.reject(new Error('The node asked a flow, which the test did not expect'))),
    progress: (progress) => record.progress.push(progress),
    showTraining: (report) => record.training.push(report),
    emitText: (delta) => record.texts.push(delta),
    reportUsage: (usage) => record.usages.push(usage),
    warn: ({ code }) => record.warnings.push(code),
    recordDocumentError: (id, error) => record.documentErrors.push({ id, error }),
    record,
  };
}

function refuseTheRest<T extends object>(name: string, part: Partial<T>): T {
  // The proxy answers for every member that the test left out, so that together they are a whole `T`.
  return new Proxy(part as T, {
    get(target, member) {
      if (Reflect.has(target, member)) {
        const value: unknown = Reflect.get(target, member);
        // A part may be an object of a class, whose methods need it rather than the proxy.
        return typeof value === 'function' ? value.bind(target) : value;
      }
      throw new Error(`The node asked for ${name}.${String(member)}, which the test did not expect`);
    },
  });
}

export function describeHostModel(parts: Partial<HostModel> = {}): HostModel {
  return {
    name: 'model',
    purposes: ['chat'],
    digest: 'sha256:weights',
    bytes: null,
    contextLength: 4096,
    dimensions: null,
    template: 'sha256:template',
    quantisation: null,
    licence: null,
    ...parts,
  };
}

/** A chat that says the given events and keeps what it was asked. */
export function createFakeChat(events: readonly (ChatEvent | Error)[]) {
  const requests: Omit<ChatRequest, 'model'>[] = [];
  const chat: ModelAccess['chat'] = async function* (_model, request) {
    requests.push(request);
    for (const event of events) {
      if (event instanceof Error) throw event;
      yield event;
    }
  };
  return { chat, requests };
}
