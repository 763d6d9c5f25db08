import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './markdown.module.css';
import type { MarkdownElement, MarkdownNode } from './markdown-tree.ts';
import { placeMarks } from './place-marks.ts';
import { readMarkdown } from './read-markdown.ts';

export type ShownMark = {
  /** What of the text it stands in the place of, as offsets; nothing where they are equal. */
  readonly from: number;
  readonly to: number;
  readonly shown: ReactNode;
};

type MarkdownViewProps = { readonly text: string; readonly marks?: readonly ShownMark[] };

/**
 * A text as Markdown, with marks at their places. It is made of elements, never of HTML; links lead to http and https
 * only, and images are told by their words. The text may be cut off anywhere, as one is that is still being written.
 */
export function MarkdownView({ text, marks = [] }: MarkdownViewProps) {
  const shown = new Map(marks.map((mark, place) => [String(place), mark.shown]));
  const places = marks.map(({ from, to }, place) => ({ kind: 'mark', from, to, key: String(place) }) as const);
  const nodes = placeMarks(readMarkdown(text, places), places);
  return (
    <div className={styles.markdown}>
      <Nodes nodes={nodes} shown={shown} />
    </div>
  );
}

type NodesProps = { readonly nodes: readonly MarkdownNode[]; readonly shown: ReadonlyMap<string, ReactNode> };

function Nodes({ nodes, shown }: NodesProps) {
  return nodes.map((node) => renderNode(node, shown));
}

/** Keys are places in the source, so that what is there stays while more comes in behind it. */
function renderNode(node: MarkdownNode, shown: NodesProps['shown']): ReactNode {
  switch (node.kind) {
    case 'text':
      return <span key={`text ${node.from}`}>{node.text}</span>;
    case 'mark':
      return <span key={`mark ${node.key}`}>{shown.get(node.key)}</span>;
    case 'element':
      return (
        <Element key={`${node.tag} ${node.from}`} element={node}>
          <Nodes nodes={node.children} shown={shown} />
        </Element>
      );
  }
}

type ElementProps = { readonly element: MarkdownElement; readonly children: ReactNode };

function Element({ element: { tag, href, number, align }, children }: ElementProps) {
  const { t } = useTranslation();
  switch (tag) {
    case 'a':
      return (
        <a href={href} target="_blank" rel="noopener noreferrer nofollow">
          {children}
        </a>
      );
    case 'br':
      return <br />;
    case 'hr':
      return <hr />;
    case 'heading':
      return <Heading level={number ?? 1}>{children}</Heading>;
    case 'ol':
      return <ol start={number}>{children}</ol>;
    case 'pre':
      return (
        <Scrolling label={t('common.code')}>
          <pre>
            <code>{children}</code>
          </pre>
        </Scrolling>
      );
    case 'table':
      return (
        <Scrolling label={t('common.table')}>
          <table>
            <tbody>{children}</tbody>
          </table>
        </Scrolling>
      );
    case 'td':
      return <td data-align={align}>{children}</td>;
    case 'th':
      return (
        <th scope="col" data-align={align}>
          {children}
        </th>
      );
    default: {
      const Tag = tag;
      return <Tag>{children}</Tag>;
    }
  }
}

/** Below the headings of what an answer stands in. */
function Heading({ level, children }: { readonly level: number; readonly children: ReactNode }) {
  if (level <= 1) return <h4>{children}</h4>;
  return level === 2 ? <h5>{children}</h5> : <h6>{children}</h6>;
}

/** What may be wider than its place is scrolled by key, too. */
function Scrolling({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by key
    <figure aria-label={label} tabIndex={0} className={styles.scrolling}>
      {children}
    </figure>
  );
}
