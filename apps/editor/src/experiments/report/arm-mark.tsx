import type { ReactNode } from 'react';
import type { ReportArm } from '../../api/experiments.ts';
import styles from './report.module.css';

export type ArmKind = ReportArm['kind'];

export const armColours: Readonly<Record<ArmKind, string>> = {
  base: 'var(--arm-base)',
  retrieval: 'var(--arm-rag)',
  tuned: 'var(--arm-tuned)',
  'tuned-retrieval': 'var(--arm-both)',
};

const shapes: Readonly<Record<ArmKind, ReactNode>> = {
  base: <circle r="5" />,
  retrieval: <rect x="-4.6" y="-4.6" width="9.2" height="9.2" />,
  tuned: <path d="M0-6 5.8 4.6H-5.8Z" />,
  'tuned-retrieval': <path d="M0-6.2 6.2 0 0 6.2-6.2 0Z" />,
};

/** The marker of an arm in drawings: never hue alone, a shape as well, and its name stands beside it. */
export function ArmShape({ kind }: { readonly kind: ArmKind }) {
  return shapes[kind];
}

export function ArmMark({ kind, size = 12 }: { readonly kind: ArmKind; readonly size?: number }) {
  return (
    <svg
      className={styles.mark}
      viewBox="-7 -7 14 14"
      width={size}
      height={size}
      fill={armColours[kind]}
      aria-hidden="true"
    >
      <ArmShape kind={kind} />
    </svg>
  );
}

export function ArmName({ arm: { kind, name } }: { readonly arm: Pick<ReportArm, 'kind' | 'name'> }) {
  return (
    <span className={styles.armName}>
      <ArmMark kind={kind} />
      {name}
    </span>
  );
}
