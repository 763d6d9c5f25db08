import { KumikiError, type NodeContext } from '@kumiki/node-sdk';
import { readSitemap } from './read-sitemap.ts';

/** As large as a sitemap may be (sitemaps.org). */
const sitemapBytes = 50 * 1_048_576;
const largestIndex = 100;

export type PageSearch = { readonly addresses: string; readonly maximumPages: number };

/**
 * Addresses of all pages that the setting names, each once, in their order. A line whose path ends in `.xml` is a sitemap,
 * or an index of sitemaps; it counts for the pages of its own host only, as the protocol says. Throws what keeps the list
 * from being whole, since a page that is left out would be taken for one that is gone: `page-address-invalid`,
 * `sitemap-unreadable`, `too-many-pages`, and what `WebAccess` throws; `no-documents` where nothing is left.
 */
export async function findPages(
  { addresses, maximumPages }: PageSearch,
  context: NodeContext,
): Promise<readonly string[]> {
  const pages = new Set<string>();
  for (const line of addresses.split('\n').map((entry) => entry.trim())) {
    if (line === '') continue;
    const url = parsePage(line);
    if (url === null) throw refuseLine(line, context.node);
    const found = url.pathname.endsWith('.xml') ? await readAll(url, context) : [url.href];
    for (const page of found) pages.add(page);
    if (pages.size > maximumPages) throw refuseNumber(maximumPages, context.node);
  }
  if (pages.size === 0) throw refuseNothing(context.node);
  return [...pages];
}

/** The pages of a sitemap, and of those that it names where it is an index; an index within an index is not followed. */
async function readAll(sitemap: URL, context: NodeContext): Promise<readonly string[]> {
  const { pages, sitemaps } = await fetchSitemap(sitemap, context);
  if (sitemaps.length > largestIndex) throw refuseSitemap(sitemap, context.node);
  const found = [...pages];
  for (const child of sitemaps) found.push(...(await fetchSitemap(new URL(child), context)).pages);
  return found;
}

async function fetchSitemap(url: URL, { web, node }: NodeContext) {
  const { status, body } = await web.fetch({ url: url.href, maximumBytes: sitemapBytes });
  if (status !== 200) throw refuseSitemap(url, node, status);
  const { pages, sitemaps } = readSitemap(new TextDecoder().decode(body));
  if (pages.length === 0 && sitemaps.length === 0) throw refuseSitemap(url, node);
  const ofHost = (entries: readonly string[]) =>
    entries.flatMap((entry) => {
      const page = parsePage(entry);
      return page?.hostname === url.hostname ? [page.href] : [];
    });
  return { pages: ofHost(pages), sitemaps: ofHost(sitemaps) };
}

/** Without the part behind `#`, which is a place within the page. */
function parsePage(address: string): URL | null {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  url.hash = '';
  return url;
}

function refuseLine(line: string, node: string): KumikiError {
  return new KumikiError({
    code: 'page-address-invalid',
    status: 422,
    node,
    message: {
      en: `“${line}” is not the address of a page. Write one address a line, beginning with http:// or https://.`,
      ja: `「${line}」はページのアドレスではありません。http:// または https:// で始まるアドレスを、1 行に 1 つ書いてください。`,
    },
  });
}

function refuseSitemap({ href }: URL, node: string, status?: number): KumikiError {
  const detail =
    status === undefined
      ? {
          en: 'It names no pages, or too many sitemaps',
          ja: 'ページが 1 つも書かれていないか、サイトマップが多すぎます',
        }
      : { en: `Its server answered ${status}`, ja: `サーバーの応答は ${status} でした` };
  return new KumikiError({
    code: 'sitemap-unreadable',
    status: 422,
    retryable: status !== undefined && status >= 500,
    node,
    message: {
      en: `The sitemap “${href}” cannot be read. ${detail.en}. Correct the address, or list the pages themselves.`,
      ja: `サイトマップ「${href}」を読み取れません。${detail.ja}。アドレスを直すか、ページのアドレスを直接書いてください。`,
    },
  });
}

function refuseNumber(maximumPages: number, node: string): KumikiError {
  return new KumikiError({
    code: 'too-many-pages',
    status: 422,
    node,
    message: {
      en: `There are more than ${maximumPages} pages. Raise the maximum in the settings, or name fewer pages.`,
      ja: `ページが ${maximumPages} 件を超えています。設定の最大ページ数を増やすか、ページを減らしてください。`,
    },
  });
}

function refuseNothing(node: string): KumikiError {
  return new KumikiError({
    code: 'no-documents',
    status: 422,
    node,
    message: {
      en: 'No page is left to load: the sitemaps name none of their own host. List the pages themselves.',
      ja: '読み込むページがありません。サイトマップに、同じホストのページが書かれていません。ページのアドレスを直接書いてください。',
    },
  });
}
