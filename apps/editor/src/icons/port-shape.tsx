import type { PortKind } from '@kumiki/flow';
import type { ReactNode } from 'react';
import styles from './port-shape.module.css';

export type KindGroup = 'text' | 'plain' | 'material' | 'found' | 'model' | 'lesson';

/** The hue of a port says the group of its kind, the shape says the kind. */
export const kindGroups: Readonly<Record<PortKind, KindGroup>> = {
  text: 'text',
  messages: 'text',
  'prompt-template': 'text',
  number: 'plain',
  boolean: 'plain',
  json: 'plain',
  file: 'material',
  conversations: 'material',
  documents: 'material',
  chunks: 'material',
  vectors: 'material',
  index: 'found',
  passages: 'found',
  'chat-model': 'model',
  'embedding-model': 'model',
  'rerank-model': 'model',
  dataset: 'lesson',
};

const hexagon = 'M-2.7-4.9H2.7L5.5 0 2.7 4.9H-2.7L-5.5 0Z';

const shapes: Readonly<Record<PortKind, ReactNode>> = {
  text: <circle r="4.4" />,
  messages: <path d="M-4.4 4.4V0A4.4 4.4 0 1 1 0 4.4Z" />,
  'prompt-template': (
    <>
      <circle r="4.8" />
      <path className={styles.hole} d="M-1.9-1.9H1.9V1.9H-1.9Z" />
    </>
  ),
  number: <rect x="-4" y="-4" width="8" height="8" />,
  boolean: (
    <>
      <path className={styles.outline} d="M-4-4H4V4H-4Z" />
      <path d="M-4-4H0V4H-4Z" />
    </>
  ),
  json: <path d="M0-5.2 5.2 0 0 5.2-5.2 0Z" />,
  file: <path d="M-4-5H1.2L4-2.2V5H-4Z" />,
  conversations: (
    <>
      <path d="M-4.8-4.8H4.8V2.6H-.4L-4.8 5.4Z" />
      <path className={styles.cut} d="M-2.6-2.2H2.6M-2.6.6H2.6" />
    </>
  ),
  documents: (
    <>
      <rect x="-4.6" y="-4.6" width="9.2" height="9.2" />
      <path className={styles.cut} d="M-2.4-1.6H2.4M-2.4 1.6H2.4" />
    </>
  ),
  chunks: <path d="M-4.8-4.8H-.7V4.8H-4.8ZM.7-4.8H4.8V4.8H.7Z" />,
  vectors: <path d="M-5.2-4.8H-2.9V4.8H-5.2ZM-1.15-4.8H1.15V4.8H-1.15ZM2.9-4.8H5.2V4.8H2.9Z" />,
  index: <path d="M-1.9-5.2H1.9V-1.9H5.2V1.9H1.9V5.2H-1.9V1.9H-5.2V-1.9H-1.9Z" />,
  passages: <path d="M-4.6-4.8H4.6V-1.7H.2V1.7H4.6V4.8H-4.6Z" />,
  'chat-model': <path d={hexagon} />,
  'embedding-model': (
    <>
      <path d={hexagon} />
      <circle className={styles.hole} r="1.9" />
    </>
  ),
  'rerank-model': (
    <>
      <path d={hexagon} />
      <path className={styles.cut} d="M-5 0H5" />
    </>
  ),
  dataset: <path d="M-5 4.4-2.6-4.4H2.6L5 4.4Z" />,
};

type PortShapeProps = { readonly kind: PortKind; readonly size?: number; readonly hollow?: boolean };

/** The joint of a port. Hollow where it has no wire. */
export function PortShape({ kind, size = 13, hollow = false }: PortShapeProps) {
  return (
    <svg
      className={`${styles.shape} g-${kindGroups[kind]}`}
      data-hollow={hollow || undefined}
      viewBox="-6.5 -6.5 13 13"
      width={size}
      height={size}
      aria-hidden="true"
    >
      {shapes[kind]}
    </svg>
  );
}
