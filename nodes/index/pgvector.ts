import {
  type ClosedGeneration,
  type DocumentSource,
  defineArtifact,
  type EmbeddedChunk,
  type EmbeddingModelValue,
  type ErrorReport,
  type IndexedDocument,
  type IndexLocation,
  KumikiError,
  type NodeContext,
  type OpenedGeneration,
  port,
} from '@kumiki/node-sdk';
import { z } from 'zod';
import { identifyEmbeddingModel } from '../embed/embedding-identity.ts';
import { groupReady } from './group-ready.ts';

type Write = {
  readonly at: IndexLocation & { readonly generation: number };
  readonly owner: string;
  readonly context: NodeContext;
};

/**
 * Vectors in, an index out: dense and lexical, in the database, in generations. It reads the documents that its newest
 * generation lacks and no others, writes documents whole, those that came together in one transaction, and makes all of it visible at once; a build that
 * fails or is cancelled leaves the generation open, unseen, for the next one to go on with.
 *
 * The embedding model has a wire of its own, because it has to be known also when not one vector is read; see
 * docs/decisions.
 */
export const pgvectorIndex = defineArtifact({
  type: 'index/pgvector',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: { en: 'Index', ja: '索引' },
  description: {
    en: 'Keeps chunks in the database, to be found by meaning and by words. Only documents that changed are read again.',
    ja: '断片をデータベースに保存し、意味と語句の両方で探せるようにします。読み直すのは、変わった文書だけです。',
  },
  settings: z.object({ failFrom: z.number().min(0.01).max(1).default(0.5) }),
  settingTexts: {
    failFrom: {
      title: { en: 'Fail at this share', ja: '失敗とみなす割合' },
      description: {
        en: 'A document that cannot be read keeps its previous text. Where unreadable documents reach this share of all (0.5 is half), the build fails instead.',
        ja: '読めない文書は前の内容のまま残ります。読めない文書が全体のこの割合（0.5 で半分）に達すると、構築は失敗します。',
      },
      widget: 'slider',
      advanced: true,
    },
  },
  inputs: { vectors: port.vectors(), model: port.embeddingModel() },
  outputs: { index: port.index() },
  resources: ['database'],
  async make({ settings, inputs, context, lineage, owner }) {
    const { vectors, model } = inputs;
    const location = { workspace: context.workspace, lineage };
    const { signal } = context;
    const opened = await context.index.openGeneration(
      location,
      { owner, embeddingModel: model, manifest: vectors.manifest },
      signal,
    );
    const write: Write = { at: { ...location, generation: opened.generation }, owner, context };
    const closed =
      opened.current ?? (await fillAndClose(write, { vectors, model, opened, failFrom: settings.failFrom }));
    if (closed.documents === 0) warnEmpty(context);
    const { generation, documents, chunks, contents } = closed;
    return {
      outputs: { index: { lineage, generation, embeddingModel: model, documents, chunks } },
      contents,
    };
  },
});

async function fillAndClose(
  write: Write,
  options: {
    readonly vectors: DocumentSource<EmbeddedChunk>;
    readonly model: EmbeddingModelValue;
    readonly opened: OpenedGeneration;
    readonly failFrom: number;
  },
): Promise<ClosedGeneration> {
  const { vectors, model, opened, failFrom } = options;
  const { at, owner, context } = write;
  const { read, failed } = await fillGeneration(write, vectors, model, opened);
  refuseFailures({ failed, documents: vectors.manifest?.length ?? read, failFrom, context });
  return context.index.closeGeneration(at, owner, context.signal);
}

/** So many chunks make a transaction: beyond that, its statements hardly count beside the rows. */
const chunksAtOnce = 128;

/** Reads what is wanted, and stores together what came together: by small documents, it is statements that take the time. */
async function fillGeneration(
  write: Write,
  vectors: DocumentSource<EmbeddedChunk>,
  model: EmbeddingModelValue,
  { wanted }: OpenedGeneration,
): Promise<{ read: number; failed: number }> {
  const { at, owner, context } = write;
  const missing = vectors.manifest === null ? null : new Set(wanted);
  const total = missing?.size ?? null;
  if (total === 0) return { read: 0, failed: 0 };
  let read = 0;
  let failed = 0;
  const groups = groupReady(vectors.read(missing === null ? 'all' : wanted), {
    most: chunksAtOnce,
    weigh: (element) => ('items' in element ? element.items.length : 0) + 1,
  });
  for await (const group of groups) {
    context.signal.throwIfAborted();
    // Of a document that comes twice, the last counts.
    const documents = new Map<string, IndexedDocument>();
    for (const element of group) {
      missing?.delete(element.document.id);
      if ('error' in element) {
        await recordFailure(write, element.document, element.error);
        failed += 1;
      } else {
        refuseStrangers(element.items, model, context);
        documents.set(element.document.id, element);
      }
    }
    if (documents.size > 0) {
      await context.index.replaceDocuments(at, owner, [...documents.values()], context.signal);
    }
    read += group.length;
    context.progress({ done: read, total, unit: 'documents' });
  }
  context.signal.throwIfAborted();
  for (const id of missing ?? []) await recordFailure(write, { id, name: id }, notDelivered);
  return { read, failed: failed + (missing?.size ?? 0) };
}

async function recordFailure(write: Write, document: { id: string; name: string }, error: ErrorReport): Promise<void> {
  const { at, owner, context } = write;
  context.recordDocumentError(document.id, error);
  await context.index.recordFailure(at, owner, document.id, document.name, error);
}

const notDelivered: ErrorReport = {
  code: 'document-not-delivered',
  message: {
    en: 'The document was on the list, but was gone when it was to be read. Build again.',
    ja: '一覧にあった文書が、読み込むときには見つかりませんでした。もう一度構築してください。',
  },
  retryable: true,
  node: null,
  path: null,
};

/** Vectors of another model would be searched in the wrong space: the answers would be silently bad. */
function refuseStrangers(items: readonly EmbeddedChunk[], model: EmbeddingModelValue, context: NodeContext): void {
  const own = identifyEmbeddingModel(model);
  const stranger = items.some(
    ({ vector, embeddedBy }) => vector.length !== model.dimensions || (embeddedBy !== undefined && embeddedBy !== own),
  );
  if (!stranger) return;
  throw new KumikiError({
    code: 'index-model-mismatch',
    message: {
      en: `The vectors that reach the index “${context.node}” were not made by the model on its own wire (${model.name}). Connect one embedding model to both the embed node and the index.`,
      ja: `索引「${context.node}」に届いたベクトルは、この索引につながっているモデル（${model.name}）でつくられたものではありません。埋め込みと索引に、同じ埋め込みモデルをつないでください。`,
    },
    status: 422,
    node: context.node,
  });
}

function refuseFailures(options: {
  readonly failed: number;
  readonly documents: number;
  readonly failFrom: number;
  readonly context: NodeContext;
}): void {
  const { failed, documents, failFrom, context } = options;
  if (failed === 0 || failed / documents < failFrom) return;
  throw new KumikiError({
    code: 'index-too-many-failures',
    message: {
      en: `${failed} of ${documents} documents could not be read, so the index “${context.node}” was left as it was. See what is wrong with each document, or raise the share in the settings of the index.`,
      ja: `${documents} 件の文書のうち ${failed} 件を読めなかったため、索引「${context.node}」は更新していません。文書ごとの理由を確認するか、索引の設定で割合を上げてください。`,
    },
    status: 422,
    node: context.node,
  });
}

function warnEmpty(context: NodeContext): void {
  context.warn({
    code: 'index-empty',
    message: {
      en: `The index “${context.node}” holds no documents. Add files to the collection or folder that is loaded, and build again.`,
      ja: `索引「${context.node}」に文書がありません。読み込むコレクションかフォルダーにファイルを入れて、もう一度構築してください。`,
    },
  });
}
