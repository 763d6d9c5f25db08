import { Parser } from 'htmlparser2';

/** What a sitemap names (sitemaps.org, 0.9): pages, or further sitemaps where it is an index. Both as they are written. */
export type Sitemap = { readonly pages: readonly string[]; readonly sitemaps: readonly string[] };

/** Reads leniently: what is no sitemap names nothing. Entities that a document type declares are not looked at. */
export function readSitemap(xml: string): Sitemap {
  const pages: string[] = [];
  const sitemaps: string[] = [];
  const open: string[] = [];
  let text = '';
  const parser = new Parser(
    {
      onopentag(name) {
        open.push(name);
        text = '';
      },
      ontext(piece) {
        text += piece;
      },
      onclosetag() {
        const name = open.pop();
        const parent = open.at(-1);
        const address = text.trim();
        // Images and videos of a page have `loc` elements of their own, under other parents.
        if (name === 'loc' && address !== '' && parent === 'url') pages.push(address);
        if (name === 'loc' && address !== '' && parent === 'sitemap') sitemaps.push(address);
        text = '';
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.write(xml);
  parser.end();
  return { pages, sitemaps };
}
