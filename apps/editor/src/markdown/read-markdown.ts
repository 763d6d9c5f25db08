import type { SyntaxNode } from '@lezer/common';
import { Autolink, parser, Strikethrough, Table } from '@lezer/markdown';
import { cjkEmphasis } from './cjk-emphasis.ts';
import { listChildren, type MarkdownNode, type MarkdownTag, type MarkdownText, makeElement } from './markdown-tree.ts';
import { readTable } from './read-table.ts';

/**
 * What models write, and no more: HTML is text, and so is what is indented. A line of hyphens is a rule, where CommonMark
 * would make a heading of the line above it: while a list comes in below a paragraph, its first hyphen would do so.
 */
const markdown = parser.configure([
  Table,
  Strikethrough,
  Autolink,
  cjkEmphasis,
  { remove: ['HTMLBlock', 'IndentedCode', 'LinkReference', 'SetextHeading'] },
]);

/** Deeper than this, what is nested is shown as it was written. */
const deepest = 24;

/** An object that stands in the text: to Markdown it is punctuation, as the brackets of a marker are. */
const placeholder = '\ufffc';
const addressEnd = /[\u3000-\u303f\uff01-\uff60\ufffc]/;

type Range = { readonly from: number; readonly to: number };

/** What a node is read with: the text as it is shown, and as it is parsed, both of one length. */
type Source = { readonly text: string; readonly parsed: string };

/**
 * Reads a text as Markdown. Every piece of text knows its place in the source. What stands in one of the `objects` is no
 * Markdown, so that a marker `[1]` becomes no link; it is in the tree as it was written.
 */
export function readMarkdown(text: string, objects: readonly Range[] = []): readonly MarkdownNode[] {
  let parsed = text;
  for (const { from, to } of objects) parsed = parsed.slice(0, from) + placeholder.repeat(to - from) + parsed.slice(to);
  return readBlocks(markdown.parse(parsed).topNode, { text, parsed }, 0);
}

function readBlocks(parent: SyntaxNode, source: Source, depth: number): readonly MarkdownNode[] {
  return listChildren(parent).flatMap((node) => readBlock(node, source, depth + 1));
}

function readBlock(node: SyntaxNode, source: Source, depth: number): readonly MarkdownNode[] {
  const contain = (tag: MarkdownTag) => [makeElement(node, tag, readBlocks(node, source, depth))];
  if (depth > deepest) return [makeElement(node, 'p', [takeText(node, source)])];
  switch (node.name) {
    case 'QuoteMark':
    case 'ListMark':
      return [];
    case 'Blockquote':
      return contain('blockquote');
    case 'BulletList':
      return contain('ul');
    case 'OrderedList':
      return [{ ...makeElement(node, 'ol', readBlocks(node, source, depth)), ...readFirstNumber(node, source) }];
    case 'ListItem':
      return contain('li');
    case 'FencedCode': {
      const lines = node.getChildren('CodeText').map((line) => takeText(line, source));
      return [makeElement(node, 'pre', lines)];
    }
    case 'HorizontalRule':
      return [makeElement(node, 'hr', [])];
    case 'Table':
      return [readTable(node, source.text, (cell) => readInline(cell, source, depth))];
    default: {
      const level = /^ATXHeading(\d)$/.exec(node.name)?.[1];
      const children = readInline(node, source, depth);
      return [
        level === undefined
          ? makeElement(node, 'p', children)
          : { ...makeElement(node, 'heading', children), number: Number(level) },
      ];
    }
  }
}

function readFirstNumber(list: SyntaxNode, { text }: Source): { readonly number?: number } {
  const mark = list.getChild('ListItem')?.getChild('ListMark');
  const number = mark == null ? Number.NaN : Number.parseInt(text.slice(mark.from, mark.to), 10);
  return Number.isNaN(number) ? {} : { number };
}

/** The text of a node and the elements in it; what stands between its children is text. */
function readInline(
  node: SyntaxNode,
  source: Source,
  depth: number,
  { from, to }: Range = node,
): readonly MarkdownNode[] {
  const nodes: MarkdownNode[] = [];
  let taken = from;
  for (const child of listChildren(node)) {
    if (child.from < from || child.to > to) continue;
    if (child.from > taken) nodes.push(takeText({ from: taken, to: child.from }, source));
    nodes.push(...readSpan(child, source, depth + 1));
    taken = child.to;
  }
  if (taken < to) nodes.push(takeText({ from: taken, to }, source));
  return nodes;
}

function readSpan(node: SyntaxNode, source: Source, depth: number): readonly MarkdownNode[] {
  if (depth > deepest) return [takeText(node, source)];
  const contain = (tag: MarkdownTag) => [makeElement(node, tag, readInline(node, source, depth))];
  const written = source.text.slice(node.from, node.to);
  switch (node.name) {
    case 'CodeMark':
    case 'EmphasisMark':
    case 'HeaderMark':
    case 'QuoteMark':
    case 'StrikethroughMark':
      return [];
    case 'Emphasis':
      return contain('em');
    case 'StrongEmphasis':
      return contain('strong');
    case 'Strikethrough':
      return contain('del');
    case 'InlineCode':
      return contain('code');
    case 'HardBreak':
      return [makeElement(node, 'br', [])];
    case 'HTMLTag':
      return /^<br ?\/?>$/i.test(written) ? [makeElement(node, 'br', [])] : [takeText(node, source)];
    case 'Escape':
      return [{ ...takeText(node, source), text: written.slice(1) }];
    case 'Entity':
      return [{ ...takeText(node, source), text: decodeEntity(written) }];
    case 'Link':
    case 'Image':
      return readLink(node, source, depth);
    case 'Autolink':
      return node.getChildren('URL').flatMap((address) => readAddress(address, source));
    case 'URL':
      return readAddress(node, source);
    default:
      return [takeText(node, source)];
  }
}

/** The words of a link, which lead where they may; of an image only the words. What has no address is no link. */
function readLink(node: SyntaxNode, source: Source, depth: number): readonly MarkdownNode[] {
  const [start, end] = node.getChildren('LinkMark');
  const address = node.getChild('URL');
  if (start === undefined || end === undefined || address === null) return readInline(node, source, depth);
  const words = readInline(node, source, depth, { from: start.to, to: end.from });
  return node.name === 'Image' ? words : linkTo(source.parsed.slice(address.from, address.to), node, words);
}

/** An address in the running text. It ends before Japanese punctuation, which no space keeps apart from it. */
function readAddress({ from, to }: Range, source: Source): readonly MarkdownNode[] {
  const length = source.parsed.slice(from, to).search(addressEnd);
  const end = length === -1 ? to : from + length;
  const written = source.parsed.slice(from, end);
  const address = written.startsWith('www.') ? `https://${written}` : written;
  const rest = end < to ? [takeText({ from: end, to }, source)] : [];
  return [...linkTo(address, { from, to: end }, [takeText({ from, to: end }, source)]), ...rest];
}

/** Leads to http and https only: to nothing that runs, opens a program, or belongs to this application. */
function linkTo(address: string, place: Range, children: readonly MarkdownNode[]): readonly MarkdownNode[] {
  const url = URL.parse(address.replaceAll(/^<|>$/g, ''));
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return children;
  return [{ ...makeElement(place, 'a', children), href: url.href }];
}

function decodeEntity(entity: string): string {
  return new DOMParser().parseFromString(entity, 'text/html').body.textContent;
}

function takeText({ from, to }: Range, { text }: Source): MarkdownText {
  return { kind: 'text', from, to, text: text.slice(from, to) };
}
