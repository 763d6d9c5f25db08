import { createHash } from 'node:crypto';
import { type Document, KumikiError, type StreamElement } from '@kumiki/node-sdk';
import { MemoryWeb } from '@kumiki/testkit';
import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { loadWeb } from './web.ts';

const site = 'https://docs.example';
const html = { 'content-type': 'text/html; charset=utf-8' };
const unreachable = new KumikiError({
  code: 'web-unreachable',
  retryable: true,
  message: { en: 'Away.', ja: '不通。' },
});

function openLoader(settings: Record<string, unknown>, signal?: AbortSignal) {
  const web = new MemoryWeb();
  const parsed: { name: string; mediaType: string | null }[] = [];
  const context = createFakeContext({
    web,
    ...(signal && { signal }),
    documents: {
      parse: async ({ name, mediaType, content }) => {
        parsed.push({ name, mediaType });
        const text = new TextDecoder().decode(content);
        return { text, headings: [{ level: 1, title: text, start: 0 }], pages: [], mediaType: 'text/html' };
      },
    },
  });
  const { behaviour } = loadWeb;
  if (behaviour.role !== 'loader') throw new Error('no loader');
  const call = { settings: loadWeb.settings.parse(settings), context };
  return {
    web,
    parsed,
    context,
    list: () => behaviour.list(call),
    read: async (ids: readonly string[] | 'all') => {
      const elements: StreamElement<Document>[] = [];
      for await (const element of behaviour.read({ ...call, ids })) elements.push(element);
      return elements;
    },
  };
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const writeSitemap = (...pages: readonly string[]) =>
  `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${pages.map((page) => `<url><loc>${page}</loc></url>`).join('')}</urlset>`;

describe('the list of web pages', () => {
  it('knows a page by its ETag or its time of change, without reading it', async () => {
    const { web, list } = openLoader({ addresses: `${site}/a\n\n  ${site}/b#part\n${site}/a` });
    web.pages.set(`${site}/a`, { headers: { etag: '"1"', 'last-modified': 'today' }, body: 'A' });
    web.pages.set(`${site}/b`, { headers: { 'last-modified': 'today' }, body: 'B' });
    expect(await list()).toEqual([
      { id: `${site}/a`, name: `${site}/a`, identity: '"1"', contentHash: null },
      { id: `${site}/b`, name: `${site}/b`, identity: 'today', contentHash: null },
    ]);
    expect(web.log).toEqual([`HEAD ${site}/a`, `HEAD ${site}/b`]);
  });

  it('reads a page whose server tells neither, or refuses to be asked', async () => {
    const { web, list } = openLoader({ addresses: `${site}/plain\n${site}/get-only` });
    web.pages.set(`${site}/plain`, { body: 'P' });
    web.pages.set(`${site}/get-only`, ({ method }) =>
      method === 'HEAD' ? { status: 405 } : { headers: { etag: '"2"' }, body: 'G' },
    );
    expect(await list()).toMatchObject([
      { identity: hashOf('P'), contentHash: hashOf('P') },
      { identity: '"2"', contentHash: hashOf('G') },
    ]);
  });

  it('keeps a page that cannot be asked, so that it is not taken for one that is gone', async () => {
    const { web, list } = openLoader({ addresses: `${site}/gone\n${site}/away` });
    web.pages.set(`${site}/away`, () => {
      throw unreachable;
    });
    expect(await list()).toMatchObject([
      { id: `${site}/gone`, identity: 'unread', contentHash: null },
      { id: `${site}/away`, identity: 'unread', contentHash: null },
    ]);
  });

  it('has the pages of a sitemap, of its own host and each once', async () => {
    const { web, list } = openLoader({ addresses: `${site}/sitemap.xml\n${site}/extra` });
    web.pages.set(`${site}/sitemap.xml`, {
      body: writeSitemap(`${site}/a?x=1&amp;y=2`, `\n ${site}/extra\n`, 'https://elsewhere.example/', 'file:///etc'),
    });
    expect((await list()).map(({ id }) => id)).toEqual([`${site}/a?x=1&y=2`, `${site}/extra`]);
  });

  it('has the pages of all sitemaps of an index', async () => {
    const { web, list } = openLoader({ addresses: `${site}/sitemap.xml` });
    const entries = ['one', 'two'].map((name) => `<sitemap><loc>${site}/${name}.xml</loc></sitemap>`).join('');
    web.pages.set(`${site}/sitemap.xml`, { body: `<sitemapindex>${entries}</sitemapindex>` });
    web.pages.set(`${site}/one.xml`, { body: writeSitemap(`${site}/a`) });
    web.pages.set(`${site}/two.xml`, { body: writeSitemap(`${site}/b`) });
    expect((await list()).map(({ id }) => id)).toEqual([`${site}/a`, `${site}/b`]);
  });

  it.each([
    ['answers with an error', { status: 404 }, false],
    ['is away for a while', { status: 503 }, true],
    ['names nothing', { body: '<html>no sitemap</html>' }, false],
  ])('fails where a sitemap %s', async (_, answer, retryable) => {
    const { web, list } = openLoader({ addresses: `${site}/sitemap.xml\n${site}/a` });
    web.pages.set(`${site}/sitemap.xml`, answer);
    await expect(list()).rejects.toMatchObject({ code: 'sitemap-unreadable', retryable, node: 'node' });
  });

  it('fails where a sitemap cannot be reached, has too many pages, or none of its own', async () => {
    const { web, list } = openLoader({ addresses: `${site}/sitemap.xml`, maximumPages: 1 });
    web.pages.set(`${site}/sitemap.xml`, () => {
      throw unreachable;
    });
    await expect(list()).rejects.toBe(unreachable);
    web.pages.set(`${site}/sitemap.xml`, { body: writeSitemap(`${site}/a`, `${site}/b`) });
    await expect(list()).rejects.toMatchObject({ code: 'too-many-pages' });
    web.pages.set(`${site}/sitemap.xml`, { body: writeSitemap('https://elsewhere.example/') });
    await expect(list()).rejects.toMatchObject({ code: 'no-documents' });
  });

  it.each(['docs.example', 'ftp://docs.example/a', '返品について'])('does not take %j for a page', async (line) => {
    const { list, web } = openLoader({ addresses: `${site}/a\n${line}` });
    await expect(list()).rejects.toMatchObject({
      code: 'page-address-invalid',
      text: { ja: expect.stringContaining(line) },
    });
    expect(web.requests).toEqual([]);
  });
});

describe('reading web pages', () => {
  it('reads only what is wanted, and tells the identity of what it really read', async () => {
    const { web, read, context } = openLoader({ addresses: `${site}/sitemap.xml` });
    web.pages.set(`${site}/%E4%BE%8B`, { headers: { ...html, etag: '"2"' }, body: '例' });
    web.pages.set(`${site}/plain`, { headers: html, body: 'P' });
    expect(await read([`${site}/%E4%BE%8B`, `${site}/plain`])).toMatchObject([
      {
        document: {
          id: `${site}/%E4%BE%8B`,
          name: `${site}/例`,
          mediaType: 'text/html',
          contentHash: hashOf('例'),
          identity: '"2"',
          metadata: { title: '例', url: `${site}/%E4%BE%8B` },
        },
        items: [{ text: '例' }],
      },
      { document: { contentHash: hashOf('P'), identity: hashOf('P') } },
    ]);
    expect(web.log).toEqual([`GET ${site}/%E4%BE%8B`, `GET ${site}/plain`]);
    expect(context.record.progress.at(-1)).toEqual({ done: 2, total: 2, unit: 'documents' });
  });

  it('puts an error in the place of a page that cannot be read, and goes on', async () => {
    const { web, read } = openLoader({ addresses: `${site}/away\n${site}/gone\n${site}/here` });
    web.pages.set(`${site}/away`, () => {
      throw unreachable;
    });
    web.pages.set(`${site}/here`, { body: 'H' });
    const elements = await read('all');
    expect(elements.map((element) => ('error' in element ? element.error.code : 'read'))).toEqual([
      'web-unreachable',
      'page-unreadable',
      'read',
    ]);
  });

  it('does not take a bug for a page that cannot be read', async () => {
    const { web, read, list } = openLoader({ addresses: `${site}/a` });
    web.pages.set(`${site}/a`, () => {
      throw new Error('bug');
    });
    await expect(read('all')).rejects.toThrow('bug');
    await expect(list()).rejects.toThrow('bug');
  });

  it('passes the cancellation on', async () => {
    const { read, list } = openLoader({ addresses: `${site}/a` }, AbortSignal.abort(new Error('cancelled')));
    await expect(read('all')).rejects.toThrow('cancelled');
    await expect(list()).rejects.toThrow('cancelled');
  });

  it.each([
    ['/', html, 'docs.example.html'],
    ['/guide', html, 'guide.html'],
    ['/notes.md', html, 'notes.md.html'],
    ['/page.html', html, 'page.html'],
    ['/notes.md', { 'content-type': 'text/markdown' }, 'notes.md'],
    ['/report.pdf', {}, 'report.pdf'],
  ])('names the file at %s by what its server says that it is', async (path, headers, name) => {
    const { web, read, parsed } = openLoader({ addresses: site + path });
    web.pages.set(site + path, { headers, body: 'x' });
    await read('all');
    expect(parsed).toEqual([{ name, mediaType: Object(headers)['content-type'] ?? null }]);
  });
});
