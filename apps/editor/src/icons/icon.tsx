import { type GlyphName, glyphs } from './glyphs.ts';
import styles from './icon.module.css';

/** A drawing beside a word or in a labelled button. It never stands for a word alone, so it is hidden from readers. */
export function Icon({ name, size = 14 }: { readonly name: GlyphName; readonly size?: number }) {
  return (
    <svg className={styles.icon} viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      <path d={glyphs[name]} />
    </svg>
  );
}
