import { useMemo } from 'react';
import { useAppearance } from '../../theme/appearance.ts';
import styles from './arm-columns.module.css';
import { markDifferences } from './mark-differences.ts';

/** An answer as it was written, with what the other one does not say marked. */
export function DifferenceText({ text, other }: { readonly text: string; readonly other: string }) {
  const language = useAppearance((appearance) => appearance.language);
  const parts = useMemo(() => markDifferences(text, other, language), [text, other, language]);
  return (
    <p className={styles.compared}>
      {parts.map(({ text: part, isOwn }, place) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never change places
        isOwn ? <mark key={place}>{part}</mark> : <span key={place}>{part}</span>,
      )}
    </p>
  );
}
