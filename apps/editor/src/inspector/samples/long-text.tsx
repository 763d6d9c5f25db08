import { useState } from 'react';
import styles from './samples.module.css';

/** Six lines of it; all of it when asked for. */
export function LongText({ text }: { readonly text: string }) {
  const [all, setAll] = useState(false);
  const isLong = text.length > 240 || text.split('\n').length > 6;
  return (
    <p className={styles.long} data-folded={(isLong && !all) || undefined}>
      {isLong ? (
        <button type="button" aria-expanded={all} onClick={() => setAll(!all)}>
          {text}
        </button>
      ) : (
        text
      )}
    </p>
  );
}
