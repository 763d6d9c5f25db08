import { useMemo } from 'react';
import { markDifferences } from '../../panel/ask/mark-differences.ts';
import { useAppearance } from '../../theme/appearance.ts';
import styles from './report.module.css';

type ComparedAnswerProps = { readonly text: string; readonly references: readonly string[] };

/** An answer as it was written, with the words that the nearest reference has too underlined. */
export function ComparedAnswer({ text, references }: ComparedAnswerProps) {
  const language = useAppearance((appearance) => appearance.language);
  const parts = useMemo(() => {
    const marked = references.map((reference) => markDifferences(text, reference, language));
    const shared = (one: (typeof marked)[number]) =>
      one.reduce((length, { text: part, isOwn }) => length + (isOwn ? 0 : part.length), 0);
    return marked.toSorted((one, other) => shared(other) - shared(one))[0] ?? [{ text, isOwn: true }];
  }, [text, references, language]);
  return (
    <p className={styles.answer}>
      {parts.map(({ text: part, isOwn }, place) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never change places
        isOwn || !/[\p{L}\p{N}]/u.test(part) ? <span key={place}>{part}</span> : <ins key={place}>{part}</ins>,
      )}
    </p>
  );
}
