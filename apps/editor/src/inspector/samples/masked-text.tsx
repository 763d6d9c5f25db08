import styles from './data-sets.module.css';

/** A text with the placeholders marked that stand for masked personal data, such as `[氏名1]` or `[EMAIL 2]`. */
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

const placeholder = /(\[[\p{L}_ -]{2,20}\d+\])/u;
