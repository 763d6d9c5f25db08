import { createHash } from 'node:crypto';
import {
  type DocumentParser,
  type FileAccess,
  KumikiError,
  type ModelAccess,
  type ModelHost,
  type NodeContext,
  type TableAccess,
  type TrainingAccess,
} from '@kumiki/node-sdk';
import { MemoryDataSets } from './memory-data-sets.ts';
import { MemoryDocumentIndex } from './memory-document-index.ts';
import { MemoryWeb } from './memory-web.ts';

type Services = Pick<
  NodeContext,
  'models' | 'files' | 'documents' | 'index' | 'web' | 'tables' | 'datasets' | 'training'
>;

/** Files by name, for each collection. */
export type MemoryCollections = Map<string, Map<string, string>>;

/** What nodes reach in a test: one host for every host name, files and an index in memory, and text as the only format. */
export class MemoryServices {
  readonly host: ModelHost;
  readonly index: MemoryDocumentIndex;
  readonly collections: MemoryCollections;
  /** Names of files whose content was read, in order. */
  readonly readFiles: string[] = [];
  readonly web = new MemoryWeb();
  readonly datasets = new MemoryDataSets();

  readonly #training: TrainingAccess;

  constructor(options: {
    host: ModelHost;
    index?: MemoryDocumentIndex;
    collections?: MemoryCollections;
    training?: TrainingAccess;
  }) {
    this.host = options.host;
    this.#training = options.training ?? noTraining;
    this.index = options.index ?? new MemoryDocumentIndex();
    this.collections = options.collections ?? new Map();
  }

  /** Binds the services for one node, as a server does. */
  bind = ({ signal }: { readonly signal: AbortSignal }): Services => ({
    models: bindModels(this.host, signal),
    files: this.#bindFiles(),
    documents: textParser,
    index: this.index,
    web: this.web,
    tables: noTables,
    datasets: this.datasets,
    training: this.#training,
  });

  #bindFiles(): FileAccess {
    const list = async (collection: string) => {
      const files = this.collections.get(collection);
      if (files === undefined) throw describeMissing('collection-unknown', collection);
      return [...files]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, content]) => ({
          id: name,
          name,
          identity: hashText(content),
          contentHash: hashText(content),
          mediaType: 'text/plain',
        }));
    };
    const read = async (collection: string, id: string) => {
      const content = this.collections.get(collection)?.get(id);
      if (content === undefined) throw describeMissing('document-missing', id);
      this.readFiles.push(id);
      return { content: new TextEncoder().encode(content), contentHash: hashText(content) };
    };
    return {
      listCollection: list,
      listFolder: list,
      readCollectionFile: read,
      readFolderFile: read,
      readFile: async ({ name }) => {
        for (const files of this.collections.values()) {
          const content = files.get(name);
          if (content !== undefined) return new TextEncoder().encode(content);
        }
        throw describeMissing('file-missing', name);
      },
    };
  }
}

function bindModels(host: ModelHost, signal: AbortSignal): ModelAccess {
  return {
    inspect: (_host, name) => host.inspect(name, signal),
    findAdapter: (reference) => Promise.reject(describeMissing('tuned-model-unknown', reference)),
    chat: (model, request) => host.chat({ ...request, model: model.name }, signal),
    embed: async (model, texts, purpose) => {
      const prefix = model.prefixes[purpose];
      return (await host.embed({ model: model.name, texts: texts.map((text) => prefix + text) }, signal)).vectors;
    },
    countTokens: async (model, texts) =>
      (await host.countTokens(model.name, texts, signal)) ?? texts.map(({ length }) => length),
  };
}

const noTraining: TrainingAccess = {
  estimate: () => refuseTraining(),
  train: () => refuseTraining(),
};

function refuseTraining(): Promise<never> {
  return Promise.reject(
    new KumikiError({
      code: 'training-unavailable',
      message: { en: 'Nothing is trained in memory.', ja: 'メモリー上では学習できません。' },
    }),
  );
}

const noTables: TableAccess = {
  list: ({ connection }) => refuseTable(connection.$secret),
  read: ({ connection }) => refuseTable(connection.$secret),
};

function refuseTable(secret: string): never {
  throw describeMissing('secret-unknown', secret);
}

const textParser: DocumentParser = {
  async parse({ content }) {
    const text = new TextDecoder().decode(content).normalize('NFC').replaceAll('\r\n', '\n');
    return { text, headings: [], pages: [], mediaType: 'text/plain' };
  },
  readData: async ({ content }) => ({ kind: 'text', text: new TextDecoder().decode(content) }),
};

function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function describeMissing(code: string, name: string): KumikiError {
  return new KumikiError({
    code,
    message: { en: `There is no "${name}".`, ja: `「${name}」はありません。` },
    status: 404,
  });
}
