import { findAddresses } from './find-addresses.ts';
import { findEmails, findSecretUrls } from './find-links.ts';
import { findListedNames, findMarkedNames } from './find-names.ts';
import { findCards, findMyNumbers, findPhones } from './find-numbers.ts';
import { blankOut, dropOverlapping, foldWidth } from './fold-width.ts';
import type { FoundSpan, PersonalDataKind } from './found-span.ts';

export type MaskRules = {
  readonly kinds: ReadonlySet<PersonalDataKind>;
  /** Names and words that always go. */
  readonly names: readonly string[];
  /** Names that always stay, folded. */
  readonly kept: ReadonlySet<string>;
  readonly findOwn: (text: string) => readonly FoundSpan[];
  readonly language: 'ja' | 'en';
};

const labels: Readonly<Record<MaskRules['language'], Readonly<Record<Exclude<PersonalDataKind, 'own'>, string>>>> = {
  ja: {
    name: '氏名',
    email: 'メールアドレス',
    phone: '電話番号',
    address: '住所',
    card: 'カード番号',
    myNumber: 'マイナンバー',
    url: 'URL',
  },
  en: {
    name: 'NAME',
    email: 'EMAIL',
    phone: 'PHONE',
    address: 'ADDRESS',
    card: 'CARD',
    myNumber: 'MY_NUMBER',
    url: 'URL',
  },
};

/** A place where something was masked: offsets in the text before and after. */
export type Replacement = {
  readonly kind: PersonalDataKind;
  readonly label: string;
  readonly start: number;
  readonly end: number;
  readonly placeholder: string;
};

export type MaskedText = { readonly text: string; readonly replacements: readonly Replacement[] };

/**
 * Puts placeholders in the place of personal data: the same one for the same thing, wherever it stands in one
 * conversation, as `[電話番号1]`. Holds what it found for that long only.
 */
export class Masker {
  readonly #rules: MaskRules;
  readonly #names: readonly string[];
  readonly #placeholders = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  /** Family and given names by the whole name that they are parts of, so that both get one placeholder. */
  readonly #wholeNames = new Map<string, string>();

  /** `speakers` are names that the conversation itself tells. */
  constructor(rules: MaskRules, speakers: readonly string[] = []) {
    this.#rules = rules;
    const known = rules.kinds.has('name') ? speakers.filter((name) => !rules.kept.has(foldName(name))) : [];
    const parts = known.flatMap(listParts);
    for (const whole of known)
      for (const part of listParts(whole)) this.#wholeNames.set(foldName(part), foldName(whole));
    this.#names = [...new Set([...rules.names, ...parts].map(foldWidth))].filter((name) => name.length > 1);
  }

  mask(text: string): MaskedText {
    const spans = this.#find(text).toSorted((one, other) => one.start - other.start);
    const replacements: Replacement[] = [];
    let masked = '';
    let at = 0;
    for (const span of spans) {
      const { label, placeholder } = this.#nameOf(span);
      replacements.push({ kind: span.kind, label, start: span.start, end: span.end, placeholder });
      masked += text.slice(at, span.start) + placeholder;
      at = span.end;
    }
    return { text: masked + text.slice(at), replacements };
  }

  /** The placeholder of a name that stands alone, as a speaker's does; the name itself where it is to be kept. */
  maskName(name: string): string {
    if (name === '' || this.#rules.kept.has(foldName(name))) return name;
    return this.#nameOf({ kind: 'name', start: 0, end: name.length, identity: foldName(name) }).placeholder;
  }

  #find(text: string): readonly FoundSpan[] {
    const { kinds, kept, findOwn } = this.#rules;
    const found: FoundSpan[] = [];
    let folded = foldWidth(text);
    const isPlaceholder = [...folded.matchAll(/\[[^\s[\]]{1,40}\d+\]/g)].map(({ 0: match, index }) => ({
      start: index,
      end: index + match.length,
    }));
    folded = blankOut(folded, isPlaceholder);
    // What a person asks for comes first, then what has check digits, then shapes, and names, which have the loosest, last.
    const finders: readonly [PersonalDataKind, (text: string) => readonly FoundSpan[]][] = [
      ['own', findOwn],
      ['url', findSecretUrls],
      ['email', findEmails],
      ['card', findCards],
      ['myNumber', findMyNumbers],
      ['phone', findPhones],
      ['address', findAddresses],
      ['own', (rest) => findListedNames(rest, this.#names)],
      ['name', findMarkedNames],
    ];
    for (const [kind, find] of finders) {
      if (kind !== 'own' && !kinds.has(kind)) continue;
      const free = dropOverlapping(find(folded).filter((span) => span.kind !== 'name' || !kept.has(span.identity)));
      for (const span of free) found.push(span);
      folded = blankOut(folded, free);
    }
    return found;
  }

  #nameOf({ kind, identity, label: own }: FoundSpan): { readonly label: string; readonly placeholder: string } {
    const label = kind === 'own' ? (own ?? '') : labels[this.#rules.language][kind];
    const key = `${label}\n${(kind === 'name' && this.#wholeNames.get(identity)) || identity}`;
    const known = this.#placeholders.get(key);
    if (known !== undefined) return { label, placeholder: known };
    const number = (this.#counts.get(label) ?? 0) + 1;
    this.#counts.set(label, number);
    const placeholder = `[${label}${number}]`;
    this.#placeholders.set(key, placeholder);
    return { label, placeholder };
  }
}

export function foldName(name: string): string {
  return name.normalize('NFKC').replace(/\s/g, '').toLowerCase();
}

/** A speaker's whole name, and family and given name where a space parts them. */
function listParts(name: string): readonly string[] {
  const parts = name.trim().split(/[\s\u3000]+/);
  return parts.length > 1 ? [name.trim(), ...parts] : [name.trim()];
}
