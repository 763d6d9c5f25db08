import type { MarkdownElement, MarkdownMark, MarkdownNode, MarkdownText } from './markdown-tree.ts';

/**
 * Puts marks into what was read, by their places in the source. One that stands in the place of a text goes there; one
 * that stands behind something follows the text before it, also where only Markdown's own characters lie between: behind
 * the last word of `**bold**`, not in a line of its own. A mark in a link goes behind the link, which may hold no button.
 */
export function placeMarks(nodes: readonly MarkdownNode[], marks: readonly MarkdownMark[]): readonly MarkdownNode[] {
  const texts = nodes.flatMap(listTexts);
  const [first] = texts;
  if (first === undefined) {
    return marks.length === 0
      ? nodes
      : [...nodes, { kind: 'element', tag: 'p', from: Number.POSITIVE_INFINITY, children: marks }];
  }
  const marksOf = new Map<MarkdownText, MarkdownMark[]>();
  for (const mark of marks.toSorted((a, b) => a.from - b.from)) {
    const standsIn = ({ from, to }: MarkdownText) => from <= mark.from && mark.to <= to && mark.from < mark.to;
    const text = texts.find(standsIn) ?? texts.findLast(({ from }) => from < mark.from) ?? first;
    marksOf.set(text, [...(marksOf.get(text) ?? []), mark]);
  }
  return nodes.flatMap((node) => placeIn(node, marksOf));
}

function listTexts(node: MarkdownNode): readonly MarkdownText[] {
  if (node.kind === 'text') return [node];
  return node.kind === 'element' ? node.children.flatMap(listTexts) : [];
}

function placeIn(node: MarkdownNode, marksOf: ReadonlyMap<MarkdownText, readonly MarkdownMark[]>): MarkdownNode[] {
  if (node.kind === 'mark') return [node];
  if (node.kind === 'text') return cutText(node, marksOf.get(node) ?? []);
  const children = node.children.flatMap((child) => placeIn(child, marksOf));
  return node.tag === 'a' ? moveMarksBehind({ ...node, children }) : [{ ...node, children }];
}

/** A text that is not as long as its source is an escape or an entity, which is not cut. */
function cutText(text: MarkdownText, marks: readonly MarkdownMark[]): MarkdownNode[] {
  const pieces: MarkdownNode[] = [];
  const isWhole = text.text.length === text.to - text.from;
  const last = isWhole ? text.to : text.from;
  let taken = text.from;
  const take = (to: number) => {
    if (to > taken) pieces.push({ ...text, from: taken, to, text: text.text.slice(taken - text.from, to - text.from) });
    taken = Math.max(taken, to);
  };
  if (!isWhole) pieces.push(text);
  for (const mark of marks) {
    take(Math.min(last, mark.from));
    pieces.push(mark);
    taken = Math.max(taken, Math.min(last, mark.to));
  }
  take(last);
  return pieces;
}

function moveMarksBehind(link: MarkdownElement): MarkdownNode[] {
  const marks: MarkdownMark[] = [];
  const without = (nodes: readonly MarkdownNode[]): readonly MarkdownNode[] =>
    nodes.flatMap((node): MarkdownNode[] => {
      if (node.kind === 'mark') marks.push(node);
      if (node.kind !== 'element') return node.kind === 'mark' ? [] : [node];
      return [{ ...node, children: without(node.children) }];
    });
  return [{ ...link, children: without(link.children) }, ...marks];
}
