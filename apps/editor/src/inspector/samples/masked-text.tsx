import styles from './data-sets.module.css';

/** A text with the placeholders marked that stand for masked personal data, such as `[氏名1]`. */
export function MaskedText({ text }: { readonly text: string }) {
  let start = 0;
  return text.split(placeholder).map((part, place) => {
    const key = start;
    start += part.length;
    // Every second part is what stands between two others: a placeholder.
    return place % 2 === 1 ? (
      <mark key={key} className={styles.masked}>
        {part}
      </mark>
    ) : (
      <span key={key}>{part}</span>
    );
  });
}

/** As masking writes them: a label in letters, and which of its kind it is. A number alone is a citation. */
const placeholder = /(\[\p{L}[\p{L}\p{N}_ ・-]{0,30}?\d+\])/u;
