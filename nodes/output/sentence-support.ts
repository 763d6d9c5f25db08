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

/** A passage cut into sentences once, for any number of comparisons. */
export type PreparedPassage = {
  readonly passage: Passage;
  /** The number by which it is cited, from 1. */
  readonly number: number;
  readonly sentences: readonly { readonly text: string; readonly units: ReadonlySet<string> }[];
};

export function preparePassages(passages: readonly Passage[]): readonly PreparedPassage[] {
  return passages.map((passage, place) => ({
    passage,
    number: place + 1,
    sentences: splitSentences(passage.text).map(({ text }) => ({ text, units: readUnits(text) })),
  }));
}

/** How far one sentence of a passage carries what was said: the share (0…1) of its units that stand there too. */
export type Support = { readonly share: number; readonly quote: string };

/** The sentence of the passage that carries most of `units`. */
export function findSupport(units: ReadonlySet<string>, { sentences }: PreparedPassage): Support {
  let best: Support = { share: 0, quote: sentences[0]?.text ?? '' };
  for (const sentence of sentences) {
    const share = shareOf(units, sentence.units);
    if (share > best.share) best = { share, quote: sentence.text };
  }
  return best;
}

function shareOf(units: ReadonlySet<string>, others: ReadonlySet<string>): number {
  if (units.size === 0) return 0;
  let common = 0;
  for (const unit of units) if (others.has(unit)) common += 1;
  return common / units.size;
}
