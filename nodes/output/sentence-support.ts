import type { Passage } from '@kumiki/node-sdk';
import { splitSentences } from './split-sentences.ts';

/** Words that stand in every English sentence and so support nothing. */
const commonWords = new Set(
  (
    'a an the of in on at to for from by with and or but as is are was were be been being it its this that these those ' +
    'which what who whom whose when where how why do does did has have had will would can could may might shall should ' +
    'must not no he she they we you i his her their our your my them him us there here than then so if'
  ).split(' '),
);

/** Japanese runs, and words of other scripts: letters are Japanese too, so the second must end where the first begins. */
const runs =
  /([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々〆]+)|((?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々〆])[\p{L}\p{M}\p{N}])+)/gu;
const onlyHiragana = /^\p{Script=Hiragana}+$/u;

/**
 * What a sentence says, as a set: pairs of neighbouring characters of Japanese without those of hiragana alone
 * (endings and particles, which stand everywhere), and words of other scripts without the commonest of English.
 */
export function readUnits(sentence: string): ReadonlySet<string> {
  const units = new Set<string>();
  for (const [, japanese, word] of sentence.normalize('NFKC').toLowerCase().matchAll(runs)) {
    if (word !== undefined) {
      if (!commonWords.has(word)) units.add(word);
      continue;
    }
    const characters = [...(japanese ?? '')];
    const pairs =
      characters.length === 1
        ? characters
        : characters.slice(1).map((character, place) => `${characters[place]}${character}`);
    for (const pair of pairs) if (!onlyHiragana.test(pair)) units.add(pair);
  }
  return units;
}

const hasJapanese = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const onlyDigits = /^\p{N}+$/u;

/**
 * Of what a sentence says, that which a source must have to the letter: figures, and foreign words in Japanese text,
 * which are names. "VPSのプランはあります" shares most of its units with any sentence on plans.
 */
export function readFacts(sentence: string, units: ReadonlySet<string>): readonly string[] {
  const isJapanese = hasJapanese.test(sentence);
  return [...units].filter((unit) => onlyDigits.test(unit) || (isJapanese && !hasJapanese.test(unit)));
}

/** A passage cut into sentences once, for any number of comparisons. */
export type PreparedPassage = {
  readonly passage: Passage;
  /** The number by which it is cited, from 1. */
  readonly number: number;
  /** Of the whole passage with its headings. */
  readonly units: ReadonlySet<string>;
  /** Of its headings: a sentence leaves out what they say already. */
  readonly headingUnits: ReadonlySet<string>;
  readonly sentences: readonly { readonly text: string; readonly units: ReadonlySet<string> }[];
};

export function preparePassages(passages: readonly Passage[]): readonly PreparedPassage[] {
  return passages.map((passage, place) => ({
    passage,
    number: place + 1,
    units: readUnits([...passage.headings, passage.text].join('\n')),
    headingUnits: readUnits(passage.headings.join('\n')),
    sentences: splitSentences(passage.text).map(({ text }) => ({ text, units: readUnits(text) })),
  }));
}

/** How far one sentence of a passage carries what was said: the share (0…1) of its units that stand there too. */
export type Support = { readonly share: number; readonly quote: string };

/** The sentence of the passage that, with the passage's headings, carries most of `units`. */
export function findSupport(units: ReadonlySet<string>, { sentences, headingUnits }: PreparedPassage): Support {
  let best: Support = { share: 0, quote: sentences[0]?.text ?? '' };
  for (const sentence of sentences) {
    const own = countCommon(units, sentence.units);
    // Headings only complete what a sentence says: they count for no more than the sentence itself does.
    const common = Math.min(own * 2, own + countCommon(units, headingUnits, sentence.units));
    const share = units.size === 0 ? 0 : common / units.size;
    if (share > best.share) best = { share, quote: sentence.text };
  }
  return best;
}

function countCommon(units: ReadonlySet<string>, others: ReadonlySet<string>, except?: ReadonlySet<string>): number {
  let common = 0;
  for (const unit of units) if (others.has(unit) && !except?.has(unit)) common += 1;
  return common;
}
