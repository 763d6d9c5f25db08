import { createHash } from 'node:crypto';
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
  type WebAnswer,
} from '@kumiki/node-sdk';
import { z } from 'zod';
import { findPages } from './find-pages.ts';

const settings = z.object({
  addresses: z.string().min(1).max(100_000),
  maximumPages: z.int().min(1).max(10_000).default(500),
});

type Settings = z.output<typeof settings>;

const pageBytes = 20 * 1_048_576;
/** Pages that are asked about at the same time: quick enough for a site, and no burden to its server. */
const askedAtOnce = 4;

/** What a page is known by where its server could not be asked. Never that of anything read, so it is always wanted. */
const unread = 'unread';

/**
 * Pages of the web, by their addresses and by sitemaps; links are not followed. A page is known by the ETag or the time of
 * change that its server tells. Where it tells neither, only the content itself shows whether it changed, so that listing
 * reads the page. A page that cannot be read becomes an error in its place and keeps its previous text; a sitemap that
 * cannot be read fails the build.
 */
export const loadWeb = defineLoader({
  type: 'load/web',
  version: 1,
  behaviour: 1,
  title: { en: 'Web pages', ja: 'Web ページ' },
  description: {
    en: 'Reads pages and documents from the web by their addresses, or all pages of a sitemap.',
    ja: 'Web 上のページや文書を、アドレスで指定して読み込みます。サイトマップを指定すると、載っているページをすべて読み込みます。',
  },
  settings,
  settingTexts: {
    addresses: {
      title: { en: 'Addresses', ja: 'アドレス' },
      description: {
        en: 'One a line. An address that ends in .xml is a sitemap: all of its pages are read. Links are not followed.',
        ja: '1 行に 1 つ書きます。.xml で終わるアドレスはサイトマップとして扱い、載っているページをすべて読み込みます。ページ内のリンクはたどりません。',
      },
      widget: 'textarea',
    },
    maximumPages: {
      title: { en: 'Maximum pages', ja: '最大ページ数' },
      description: {
        en: 'With more pages than this the build stops, before anything is read.',
        ja: 'ページがこれより多いときは、読み込む前に構築を止めます。',
      },
      advanced: true,
    },
  },
  headline: 'addresses',
  resources: ['network'],
  list: ({ settings, context }) => listPages(settings, context),
  read: ({ settings, context, ids }) => readPages(settings, context, ids),
});

async function listPages(settings: Settings, context: NodeContext): Promise<readonly ManifestEntry[]> {
  const addresses = await findPages(settings, context);
  const entries: ManifestEntry[] = [];
  const left = addresses.entries();
  const ask = async () => {
    for (const [place, address] of left) entries[place] = await identifyPage(address, context);
  };
  await Promise.all(Array.from({ length: askedAtOnce }, ask));
  return entries;
}

async function identifyPage(address: string, context: NodeContext): Promise<ManifestEntry> {
  const { web, signal } = context;
  const page = { id: address, name: nameOf(address) };
  signal.throwIfAborted();
  try {
    const head = await web.fetch({ url: address, method: 'HEAD' });
    const identity = isOk(head) ? readIdentity(head) : null;
    if (identity !== null) return { ...page, identity, contentHash: null };
    // Some servers refuse HEAD, and many tell nothing by it.
    const answer = await web.fetch({ url: address, maximumBytes: pageBytes });
    if (!isOk(answer)) return { ...page, identity: unread, contentHash: null };
    const contentHash = hashContent(answer);
    return { ...page, identity: readIdentity(answer) ?? contentHash, contentHash };
  } catch (error) {
    if (!(error instanceof KumikiError)) throw error;
    return { ...page, identity: unread, contentHash: null };
  }
}

async function* readPages(settings: Settings, context: NodeContext, ids: readonly string[] | 'all'): Stream<Document> {
  const addresses = ids === 'all' ? await findPages(settings, context) : ids;
  for (const [index, address] of addresses.entries()) {
    context.signal.throwIfAborted();
    yield await readPage(address, context);
    context.progress({ done: index + 1, total: addresses.length, unit: 'documents' });
  }
}

/** One page that does not answer is no reason to try hundreds of others again, so its error is its own in any case. */
async function readPage(address: string, { web, documents, signal }: NodeContext): Promise<StreamElement<Document>> {
  const page = { id: address, name: nameOf(address) };
  try {
    const answer = await web.fetch({ url: address, maximumBytes: pageBytes });
    if (!isOk(answer)) throw refusePage(address, answer.status);
    const contentHash = hashContent(answer);
    const file = { name: nameFile(answer), mediaType: answer.headers['content-type'] ?? null, content: answer.body };
    const { mediaType, ...document } = await documents.parse(file, signal);
    const title = document.headings.find(({ level }) => level === 1)?.title;
    const metadata = { url: answer.url, ...(title === undefined ? {} : { title }) };
    const identity = readIdentity(answer) ?? contentHash;
    return { document: { ...page, mediaType, contentHash, identity, metadata }, items: [document] };
  } catch (error) {
    if (!(error instanceof KumikiError)) throw error;
    return { document: page, error: reportError(error) };
  }
}

function isOk({ status }: WebAnswer): boolean {
  return status >= 200 && status < 300;
}

/** Null where the server does not tell. The length is left out: many servers tell another one, or none, for HEAD. */
function readIdentity({ headers }: WebAnswer): string | null {
  const { etag, 'last-modified': modified } = headers;
  return etag === undefined ? (modified ?? null) : etag;
}

function hashContent({ body }: WebAnswer): string {
  return createHash('sha256').update(body).digest('hex');
}

/** As people write it: `例え` rather than `%E4%BE%8B%E3%81%88`. */
function nameOf(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}

/** On the web the server says what a file is: a page about `notes.md` is a page, whatever its address ends in. */
function nameFile({ url, headers }: WebAnswer): string {
  const { hostname, pathname } = new URL(url);
  const name = nameOf(posix.basename(pathname)) || hostname;
  const isPage = /^text\/html\b/i.test(headers['content-type'] ?? '');
  return isPage && !/\.x?html?$/i.test(name) ? `${name}.html` : name;
}

function refusePage(address: string, status: number): KumikiError {
  return new KumikiError({
    code: 'page-unreadable',
    status: 422,
    message: {
      en: `“${nameOf(address)}” could not be read: its server answered ${status}. Correct the address, or remove it from the list.`,
      ja: `「${nameOf(address)}」を読み取れませんでした。サーバーの応答は ${status} でした。アドレスを直すか、一覧から外してください。`,
    },
  });
}
