import {
  type Document,
  defineLoader,
  KumikiError,
  type NodeContext,
  reportError,
  type Stream,
  type StreamElement,
} from '@kumiki/node-sdk';
import { z } from 'zod';
import {
  fileSettingRule,
  fileSettings,
  fileSettingTexts,
  type ListedFile,
  listFiles,
  readListedFile,
} from './list-files.ts';

const settings = z.object(fileSettings);

type Settings = z.output<typeof settings>;

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
  settingTexts: fileSettingTexts,
  settingRules: [fileSettingRule],
  headline: 'collection',
  resources: ['cpu'],
  list: ({ settings, context }) => listFiles(settings, context),
  read: ({ settings, context, ids }) => readDocuments(settings, context, ids),
});

async function* readDocuments(
  settings: Settings,
  context: NodeContext,
  ids: readonly string[] | 'all',
): Stream<Document> {
  const listed = await listFiles(settings, context);
  const wanted = ids === 'all' ? null : new Set(ids);
  const chosen = wanted === null ? listed : listed.filter(({ id }) => wanted.has(id));
  for (const [index, entry] of chosen.entries()) {
    context.signal.throwIfAborted();
    yield await readDocument(entry, settings, context);
    context.progress({ done: index + 1, total: chosen.length, unit: 'documents' });
  }
}

/** What may go better at the next attempt is thrown, so that the node is tried again; the rest is the document's own. */
async function readDocument(
  entry: ListedFile,
  settings: Settings,
  context: NodeContext,
): Promise<StreamElement<Document>> {
  const { id, name } = entry;
  try {
    const { content, contentHash } = await readListedFile(id, settings, context);
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
