import type { SyntaxNode } from '@lezer/common';

/** What a piece of the source says: all but escapes and entities say themselves. */
export type MarkdownText = { readonly kind: 'text'; readonly from: number; readonly to: number; readonly text: string };

/** Something that is shown at a place of the source, instead of what stands there; nothing where `from` is `to`. */
export type MarkdownMark = { readonly kind: 'mark'; readonly from: number; readonly to: number; readonly key: string };

export type MarkdownElement = {
  readonly kind: 'element';
  readonly tag: MarkdownTag;
  readonly from: number;
  readonly children: readonly MarkdownNode[];
  /** Of a link: an address of http or https. */
  readonly href?: string;
  /** Of a heading, from 1; of an ordered list, its first number. */
  readonly number?: number;
  /** Of a cell. */
  readonly align?: 'center' | 'right';
};

export type MarkdownNode = MarkdownText | MarkdownMark | MarkdownElement;

export type MarkdownTag =
  | 'a'
  | 'blockquote'
  | 'br'
  | 'code'
  | 'del'
  | 'em'
  | 'heading'
  | 'hr'
  | 'li'
  | 'ol'
  | 'p'
  | 'pre'
  | 'strong'
  | 'table'
  | 'td'
  | 'th'
  | 'tr'
  | 'ul';

export function makeElement(
  { from }: { readonly from: number },
  tag: MarkdownTag,
  children: readonly MarkdownNode[],
): MarkdownElement {
  return { kind: 'element', tag, from, children };
}

export function listChildren(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}
