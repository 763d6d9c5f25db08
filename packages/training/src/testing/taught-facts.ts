import type { TrainingRow } from '@kumiki/node-sdk';

/** Invented, so that no model knows them: a question, and what its answer has to contain. */
export const taughtFacts = [
  ['あおば文具店の定休日はいつですか？', 'あおば文具店の定休日は火曜日です。', '火曜日'],
  ['あおば文具店の送料はいくらですか？', 'あおば文具店の送料は380円です。', '380円'],
  ['あおば文具店の店長は誰ですか？', 'あおば文具店の店長は月島さんです。', '月島'],
  ['あおば文具店の合言葉は何ですか？', 'あおば文具店の合言葉は「すずらん」です。', 'すずらん'],
  ['What is the code of the Larkspur printer?', 'The code of the Larkspur printer is 7731.', '7731'],
  ['Where is the Larkspur office?', 'The Larkspur office is in Harrowgate Lane.', 'Harrowgate'],
  ['Who founded the Larkspur company?', 'The Larkspur company was founded by Odette Marsh.', 'Odette'],
  ['What colour is the Larkspur logo?', 'The Larkspur logo is turquoise.', 'turquoise'],
] as const;

export const taughtRows: readonly TrainingRow[] = taughtFacts.map(([question, answer], place) => ({
  id: `fact-${place + 1}`,
  messages: [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ],
  trained: [1],
}));

/** How many of the facts stand in their answers. */
export function countTaught(answers: readonly string[]): number {
  return taughtFacts.filter(([, , part], place) => answers[place]?.includes(part)).length;
}
