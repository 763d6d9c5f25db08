import { createHash } from 'node:crypto';
import type { Example, Passage } from '@kumiki/node-sdk';

const shingleLength = 3;
/** A passage that holds so much of question and answer both, and is of the example's own document, is the example. */
const isItself = 0.8;

export type PassageChoice = {
  readonly passages: readonly Passage[];
  /** Whether the right passage is among them, was held back by the share, or was not found. */
  readonly right: 'given' | 'held' | 'unknown';
};

/**
 * Passages for an example: the one that holds most of the answer, where one holds enough of it, and the best ranked of those
 * that do not. Whether the right one is given, and in which order they stand, is drawn from seed and id, so that it is the
 * same whatever other examples there are. A passage that is the example itself would give the answer away, and never is.
 */
export function choosePassages(
  example: Pick<Example, 'id' | 'documents' | 'messages'>,
  candidates: readonly Passage[],
  settings: { readonly passages: number; readonly rightShare: number; readonly overlap: number; readonly seed: number },
): PassageChoice {
  const { id, documents, messages } = example;
  const answer = listShingles(messages.at(-1)?.content ?? '');
  const question = listShingles(messages.findLast(({ role }) => role === 'user')?.content ?? '');
  const measured = candidates.flatMap((passage) => {
    const held = listShingles(passage.text);
    const share = measureShare(answer, held);
    const isOwn =
      documents.includes(passage.documentId) && share >= isItself && measureShare(question, held) >= isItself;
    return isOwn ? [] : [{ passage, share }];
  });
  const best = measured.reduce<(typeof measured)[number] | null>(
    (top, one) => (top === null || one.share > top.share ? one : top),
    null,
  );
  const right = best !== null && best.share >= settings.overlap ? best.passage : null;
  const isGiven = right !== null && drawShare(`${settings.seed} right ${id}`) < settings.rightShare;
  const others = measured.filter(({ share }) => share < settings.overlap).map(({ passage }) => passage);
  const taken = [...(isGiven ? [right] : []), ...others].slice(0, settings.passages);
  const order = new Map(
    taken.map((passage) => [passage, drawShare(`${settings.seed} ${id} ${passage.documentId} ${passage.ordinal}`)]),
  );
  return {
    passages: taken.toSorted((one, other) => (order.get(one) ?? 0) - (order.get(other) ?? 0)),
    right: right === null ? 'unknown' : isGiven ? 'given' : 'held',
  };
}

function listShingles(text: string): ReadonlySet<string> {
  const folded = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
  if (folded.length <= shingleLength) return new Set(folded === '' ? [] : [folded]);
  return new Set(
    Array.from({ length: folded.length - shingleLength + 1 }, (_, at) => folded.slice(at, at + shingleLength)),
  );
}

/** How much of the first set the second holds, 0…1. */
function measureShare(of: ReadonlySet<string>, within: ReadonlySet<string>): number {
  return of.size === 0 ? 0 : of.intersection(within).size / of.size;
}

function drawShare(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6) / 2 ** 48;
}
