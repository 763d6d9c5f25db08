import { posix } from 'node:path';
import {
  type Document,
  defineLoader,
  KumikiError,
  type ManifestEntry,
  type NodeContext,
  reportError,
  type Stream,
  type StreamElement,
} from '@kumiki/node-sdk';
import { z } from 'zod';

const settings = z.object({
  collection: z.string().max(200).default(''),
  folder: z.string().max(1000).default(''),
  include: z.string().max(1000).default(''),
});

type Settings = z.output<typeof settings>;
type Listed = ManifestEntry & { readonly mediaType: string | null };

/**
 * Documents of a collection, or of a folder that the operator has listed. Listing reads no file; of those that somebody
 * wants, each is read and parsed when its turn comes. A file that cannot be read becomes an error in its place, and the
 * rest goes on; from what share of errors a build fails is a setting of the index.
 */
export const loadFiles = defineLoader({
  type: 'load/files',
  version: 1,
  behaviour: 1,
  title: { en: 'Files', ja: 'ファイル' },
  description: {
    en: 'Reads the documents of a collection or a folder: text, Markdown, HTML, PDF, Word, Excel, PowerPoint, EPUB and CSV.',
    ja: 'コレクションまたはフォルダーの文書を読み込みます。テキスト、Markdown、HTML、PDF、Word、Excel、PowerPoint、EPUB、CSV に対応しています。',
  },
  settings,
  settingTexts: {
    collection: {
      title: { en: 'Collection', ja: 'コレクション' },
      description: {
        en: 'A set of uploaded files.',
        ja: 'アップロードしたファイルの集まりを選びます。',
      },
      widget: 'collection',
    },
    folder: {
      title: { en: 'Folder', ja: 'フォルダー' },
      description: {
        en: 'Instead of a collection: a folder on the server, below one that the operator has allowed.',
        ja: 'コレクションの代わりに、管理者が許可したサーバー上のフォルダーを指定できます。',
      },
      advanced: true,
    },
    include: {
      title: { en: 'Only these files', ja: '対象のファイル' },
      description: {
        en: 'Patterns such as *.md or manuals/**/*.pdf, separated by spaces. Empty: every file.',
        ja: '*.md や manuals/**/*.pdf のようなパターンを、空白で区切って指定します。空欄にすると、すべてのファイルが対象です。',
      },
      advanced: true,
    },
  },
  settingRules: [{ rule: 'exactly-one-of', settings: ['collection', 'folder'] }],
  headline: 'collection',
  resources: ['cpu'],
  list: ({ settings, context }) => listDocuments(settings, context),
  read: ({ settings, context, ids }) => readDocuments(settings, context, ids),
});

/** Throws `no-documents` where nothing is left to load; what `FileAccess` throws passes through. */
async function listDocuments(settings: Settings, context: NodeContext): Promise<readonly Listed[]> {
  const { collection, folder, include } = settings;
  const all =
    collection === '' ? await context.files.listFolder(folder) : await context.files.listCollection(collection);
  const matches = compilePatterns(include);
  const chosen = all.filter(({ name }) => matches(name));
  if (chosen.length === 0) throw noDocuments(settings, all.length, context.node);
  return chosen;
}

/** A pattern without a slash is about the file's name, whatever folder it lies in. */
function compilePatterns(include: string): (name: string) => boolean {
  const patterns = include.split(/\s+/).filter((pattern) => pattern !== '');
  if (patterns.length === 0) return () => true;
  return (name) =>
    patterns.some((pattern) => posix.matchesGlob(pattern.includes('/') ? name : posix.basename(name), pattern));
}

async function* readDocuments(
  settings: Settings,
  context: NodeContext,
  ids: readonly string[] | 'all',
): Stream<Document> {
  const listed = await listDocuments(settings, context);
  const wanted = ids === 'all' ? null : new Set(ids);
  const chosen = wanted === null ? listed : listed.filter(({ id }) => wanted.has(id));
  for (const [index, entry] of chosen.entries()) {
    context.signal.throwIfAborted();
    yield await readDocument(entry, settings, context);
    context.progress({ done: index + 1, total: chosen.length, unit: 'documents' });
  }
}

/** What may go better at the next attempt is thrown, so that the node is tried again; the rest is the document's own. */
async function readDocument(entry: Listed, settings: Settings, context: NodeContext): Promise<StreamElement<Document>> {
  const { id, name } = entry;
  try {
    const { content, contentHash } =
      settings.collection === ''
        ? await context.files.readFolderFile(settings.folder, id)
        : await context.files.readCollectionFile(settings.collection, id);
    const { mediaType, ...document } = await context.documents.parse(
      { name, mediaType: entry.mediaType, content },
      context.signal,
    );
    return { document: { id, name, mediaType, contentHash, metadata: readTitle(document) }, items: [document] };
  } catch (error) {
    if (!(error instanceof KumikiError) || error.retryable) throw error;
    return { document: { id, name }, error: reportError(error) };
  }
}

function readTitle({ headings }: Document): { title?: string } {
  const title = headings.find(({ level }) => level === 1)?.title;
  return title === undefined ? {} : { title };
}

function noDocuments({ collection, folder, include }: Settings, listed: number, node: string): KumikiError {
  const where =
    collection === ''
      ? { en: `The folder “${folder}”`, ja: `フォルダー「${folder}」` }
      : { en: `The collection “${collection}”`, ja: `コレクション「${collection}」` };
  const message =
    listed === 0
      ? {
          en: `${where.en} is empty. Add files to it and build again.`,
          ja: `${where.ja}が空です。ファイルを追加して、もう一度構築してください。`,
        }
      : {
          en: `${where.en} holds ${listed} files, but none matches “${include}”. Change the pattern, or leave it empty.`,
          ja: `${where.ja}には ${listed} 件のファイルがありますが、「${include}」に合うものがありません。パターンを変えるか、空欄にしてください。`,
        };
  return new KumikiError({ code: 'no-documents', message, status: 422, node });
}
