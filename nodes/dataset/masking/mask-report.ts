import type { LocalisedText } from '@kumiki/flow';
import type { MaskedText } from './mask-texts.ts';

const shownExamples = 3;
/** So much of the text around a placeholder is shown. */
const shownAround = 14;

/** Counts what was masked, and keeps a few places of each kind as they look now: never what stood there. */
export class MaskReport {
  readonly #kinds = new Map<string, { count: number; examples: string[] }>();

  add({ text, replacements }: MaskedText, count: (label: string) => void): void {
    let shift = 0;
    for (const { label, start, end, placeholder } of replacements) {
      count(label);
      const kind = this.#kinds.get(label) ?? { count: 0, examples: [] };
      kind.count += 1;
      const at = start + shift;
      if (kind.examples.length < shownExamples) kind.examples.push(cutAround(text, at, at + placeholder.length));
      this.#kinds.set(label, kind);
      shift += placeholder.length - (end - start);
    }
  }

  /** Null where nothing was masked. */
  describe(): LocalisedText | null {
    if (this.#kinds.size === 0) return null;
    const kinds = [...this.#kinds];
    const total = kinds.reduce((sum, [, { count }]) => sum + count, 0);
    const lines = kinds.map(([label, { count, examples }]) => `${label}: ${count}  (${examples.join(' / ')})`);
    return {
      en: [`${total} places with personal data were masked. Look whether the right ones were:`, ...lines].join('\n'),
      ja: [`個人情報を ${total} か所で伏せました。正しく置き換わっているか確認してください。`, ...lines].join('\n'),
    };
  }
}

/** Never within a character, nor within another placeholder, which alone might be read as what it is not. */
function cutAround(text: string, start: number, end: number): string {
  const before = text.slice(Math.max(0, start - shownAround), start).replace(/^[^[]*\]/, '');
  const after = text.slice(end, end + shownAround).replace(/\[[^\]]*$/, '');
  const whole = `${start > shownAround ? '…' : ''}${before}${text.slice(start, end)}${after}${end + shownAround < text.length ? '…' : ''}`;
  return whole.replace(/\s+/g, ' ').toWellFormed();
}
