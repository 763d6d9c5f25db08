import { type ReactNode, useState } from 'react';
import styles from './samples.module.css';

type LongTextProps = {
  readonly text: string;
  /** The text as it is to be shown, where something in it is marked. */
  readonly children?: ReactNode;
};

/** Six lines of it; all of it when asked for. */
export function LongText({ text, children = text }: LongTextProps) {
  const [all, setAll] = useState(false);
  const isLong = text.length > 240 || text.split('\n').length > 6;
  return (
    <p className={styles.long} data-folded={(isLong && !all) || undefined}>
      {isLong ? (
        <button type="button" aria-expanded={all} onClick={() => setAll(!all)}>
          {children}
        </button>
      ) : (
        children
      )}
    </p>
  );
}
