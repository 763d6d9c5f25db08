import { Parser } from 'htmlparser2';
import { foldWhiteSpace } from '../clean-text.ts';
import type { TextWriter } from '../text-writer.ts';

/** Where a block stands: in what the page marks as its content, elsewhere in it, or in what surrounds every page. */
type Region = 'main' | 'body' | 'aside';

type HtmlBlock = { readonly region: Region; readonly text: string } & (
  | { readonly kind: 'heading'; readonly level: number }
  | { readonly kind: 'paragraph' | 'line' }
);

const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Never read: no text for people, or (rt, rp) text that repeats what it stands over. */
const silentElements = names(
  'script style noscript template svg math iframe object embed canvas audio video head select button textarea datalist dialog rt rp',
);
const asideElements = names('nav footer aside');
const asideRoles = names('navigation contentinfo banner complementary search menu menubar dialog');
const blockElements = names(
  'address article aside blockquote body center details dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html li main nav ol p pre section summary table tbody tfoot thead tr ul caption legend',
);

/** Text within `main` counts as the page's content from this share of all text on; below, the page misuses it. */
const mainShare = 0.2;

type OpenElement = { readonly name: string; readonly region: Region; readonly silent: boolean };

/**
 * Writes what a page says: headings, paragraphs, lists and tables (a row a line) of its main content, without scripts,
 * navigation and footers. Parsed as a stream of tags, so that neither depth nor errors of nesting matter.
 */
export function writeHtml(html: string, writer: TextWriter): void {
  const { blocks, title } = collectBlocks(html);
  const chosen = chooseContent(blocks);
  const [first] = chosen;
  const hasTopHeading = chosen.some((block) => block.kind === 'heading' && block.level === 1);
  if (title !== '' && first !== undefined && !hasTopHeading && first.text !== title) writer.heading(1, title);
  for (const block of chosen) {
    if (block.kind === 'heading') writer.heading(block.level, block.text);
    else if (block.kind === 'line') writer.line(block.text);
    else writer.block(block.text);
  }
}

/** What a page declares as its encoding within its first kilobyte, in either spelling; null if nothing. */
export function declaredCharset(content: Uint8Array): string | null {
  const head = new TextDecoder('latin1').decode(content.subarray(0, 2048));
  return /<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)/i.exec(head)?.[1] ?? null;
}

function chooseContent(blocks: readonly HtmlBlock[]): readonly HtmlBlock[] {
  const lengthOf = (region: Region) =>
    blocks.reduce((sum, block) => (block.region === region ? sum + block.text.length : sum), 0);
  const main = lengthOf('main');
  const body = lengthOf('body');
  if (main > 0 && main >= (main + body) * mainShare) return blocks.filter(({ region }) => region === 'main');
  if (main + body > 0) return blocks.filter(({ region }) => region !== 'aside');
  return blocks;
}

function collectBlocks(html: string): { blocks: readonly HtmlBlock[]; title: string } {
  const blocks: HtmlBlock[] = [];
  const stack: OpenElement[] = [];
  /** Numbers of the open lists' last items; null for lists without numbers. */
  const lists: (number | null)[] = [];
  let cells: string[] | null = null;
  let text = '';
  let title = '';
  let inTitle = false;
  let preformatted = 0;
  let prefix = '';

  const region = (): Region => stack.at(-1)?.region ?? 'body';
  const takeText = (): string => {
    const taken = (
      preformatted > 0
        ? text
        : text
            .split('\u0000')
            .map((line) => foldWhiteSpace(line).trim())
            .join('\n')
    ).replaceAll('\u0000', '\n');
    text = '';
    return taken.trim() === '' ? '' : taken.replace(/^\n+|\s+$/g, '');
  };
  const flush = (): void => {
    if (cells !== null) return;
    const taken = takeText();
    if (taken === '') return;
    if (prefix !== '') blocks.push({ kind: 'line', region: region(), text: prefix + taken });
    else blocks.push({ kind: 'paragraph', region: region(), text: taken });
    prefix = '';
  };
  const endRow = (): void => {
    if (cells === null) return;
    const row = cells.join(' | ');
    cells = null;
    if (/[^ |]/.test(row)) blocks.push({ kind: 'line', region: region(), text: row });
  };
  const openBlock = (name: string): void => {
    flush();
    if (name === 'tr') endRow();
    if (name === 'ol' || name === 'ul') lists.push(name === 'ol' ? 0 : null);
    if (name === 'pre') preformatted++;
    if (name === 'li') {
      const number = lists.at(-1) ?? null;
      if (number !== null) lists[lists.length - 1] = number + 1;
      prefix = number === null ? '- ' : `${number + 1}. `;
    }
  };
  const closeBlock = (name: string): void => {
    if (/^h[1-6]$/.test(name) && cells === null) {
      const heading = takeText().replaceAll('\n', ' ');
      prefix = '';
      if (heading !== '') blocks.push({ kind: 'heading', level: Number(name[1]), region: region(), text: heading });
      return;
    }
    flush();
    if (name === 'pre') preformatted = Math.max(0, preformatted - 1);
    if (name === 'ol' || name === 'ul') lists.pop();
    if (name === 'li') prefix = '';
    if (name === 'tr' || name === 'table') endRow();
  };

  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const parent = stack.at(-1);
        const silent = (parent?.silent ?? false) || silentElements.has(name) || isHidden(attributes);
        stack.push({ name, silent, region: regionOf(name, attributes, parent?.region ?? 'body') });
        if (name === 'title' && title === '') inTitle = true;
        if (silent) return;
        // A line break; it is no character of the page's, so folding leaves it alone.
        if (name === 'br') text += '\u0000';
        else if (name === 'td' || name === 'th') {
          if (cells === null) flush();
          cells ??= [];
          text = '';
        } else if (blockElements.has(name)) openBlock(name);
      },
      ontext(data) {
        if (inTitle) title += data;
        else if (stack.at(-1)?.silent !== true) text += data.replaceAll('\u0000', '');
      },
      onclosetag(name) {
        const closed = stack.at(-1);
        inTitle = false;
        if (closed !== undefined && !closed.silent) {
          if (name === 'td' || name === 'th') cells?.push(takeText().replaceAll('\n', ' '));
          else if (blockElements.has(name)) closeBlock(name);
        }
        stack.pop();
      },
    },
    { decodeEntities: true },
  );
  parser.write(html);
  parser.end();
  endRow();
  flush();
  return { blocks, title: foldWhiteSpace(title).trim() };
}

function regionOf(name: string, attributes: Readonly<Record<string, string>>, parent: Region): Region {
  if (parent === 'aside' || asideElements.has(name) || asideRoles.has(attributes.role ?? '')) return 'aside';
  if (name === 'main' || name === 'article' || attributes.role === 'main') return 'main';
  return parent;
}

function isHidden(attributes: Readonly<Record<string, string>>): boolean {
  return (
    attributes.hidden !== undefined ||
    attributes['aria-hidden'] === 'true' ||
    /display\s*:\s*none/i.test(attributes.style ?? '')
  );
}
