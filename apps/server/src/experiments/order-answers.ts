import { createHash } from 'node:crypto';
import type { AnswerKey } from '@kumiki/store';

/** Answers that are asked for one after the other by the same model: it is warmed up once, before the first of them. */
export type AnswerGroup = { readonly models: string; readonly answers: readonly AnswerKey[] };

/** Where a block would be smaller, models would be changed more often than questions are asked. */
const fewestInBlock = 10;
const mostBlocks = 8;

/**
 * The order in which answers are made: questions in blocks, drawn by the seed, so that what changes with time (heat, other
 * work of the machine) meets every arm alike. Within a block arms with the same models come together, models and questions
 * in a drawn order. The same seed gives the same order.
 */
export function orderAnswers(of: {
  readonly arms: readonly { readonly key: string; readonly models: string }[];
  readonly rows: readonly number[];
  readonly repetitions: number;
  readonly seed: number;
}): readonly AnswerGroup[] {
  const { arms, rows, repetitions, seed } = of;
  const asked = rows.flatMap((row) =>
    Array.from({ length: repetitions }, (_, place) => ({ row, repetition: place + 1 })),
  );
  const drawn = shuffle(asked, ({ row, repetition }) => `${seed} question ${row} ${repetition}`);
  const size = Math.max(fewestInBlock, Math.ceil(drawn.length / mostBlocks));
  const models = [...new Set(arms.map((arm) => arm.models))];
  const groups: AnswerGroup[] = [];
  for (let start = 0; start < drawn.length; start += size) {
    const block = drawn.slice(start, start + size);
    for (const model of shuffle(models, (_, place) => `${seed} block ${start} models ${place}`)) {
      const answers = arms
        .filter((arm) => arm.models === model)
        .flatMap(({ key }) => block.map(({ row, repetition }) => ({ arm: key, row, repetition })));
      const order = ({ arm, row, repetition }: AnswerKey) => `${seed} answer ${arm} ${row} ${repetition}`;
      groups.push({ models: model, answers: shuffle(answers, order) });
    }
  }
  return groups;
}

/** By a hash of the seed and what each is: no state to carry from one to the next, on whatever machine. */
export function shuffle<Item>(
  items: readonly Item[],
  nameItem: (item: Item, place: number) => string,
): readonly Item[] {
  return items
    .map((item, place) => ({ item, draw: createHash('sha256').update(nameItem(item, place)).digest('hex') }))
    .toSorted((one, other) => (one.draw < other.draw ? -1 : 1))
    .map(({ item }) => item);
}
