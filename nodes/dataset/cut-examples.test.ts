import type { ChatMessage } from '@kumiki/node-sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CutSettings, countExample, cutExamples } from './cut-examples.ts';

const usual: CutSettings = { unit: 'conversation', context: 8, maximumTokens: 1_000, minimumAnswer: 1 };
const turns = (...texts: string[]): ChatMessage[] =>
  texts.map((content, place) => ({ role: place % 2 === 0 ? 'user' : 'assistant', content }));
const tell = (messages: ChatMessage[], settings: Partial<CutSettings> = {}, system = '') =>
  cutExamples(messages, system, { ...usual, ...settings }).examples.map(({ messages: taken, trained }) =>
    taken.map(({ content }, place) => (trained.includes(place) ? `[${content}]` : content)).join(' '),
  );

describe('cutExamples', () => {
  it('makes one example of a conversation, every answer learnt', () => {
    expect(tell(turns('a', 'b', 'c', 'd'), {}, 'S')).toEqual(['S a [b] c [d]']);
  });

  it('makes one of each answer, with the turns before it', () => {
    const talk = turns('a', 'b', 'c', 'd', 'e', 'f');
    expect(tell(talk, { unit: 'answer' })).toEqual(['a [b]', 'a b c [d]', 'a b c d e [f]']);
    expect(tell(talk, { unit: 'answer', context: 2 })).toEqual(['a [b]', 'a b c [d]', 'c d e [f]']);
    expect(tell(talk, { unit: 'answer', context: 0 })).toEqual(['a [b]', 'c [d]', 'e [f]']);
  });

  it('leaves off what comes before the first question and after the last answer', () => {
    const cut = cutExamples([{ role: 'assistant', content: 'いらっしゃいませ' }, ...turns('a', 'b', 'c')], '', usual);
    expect(cut.examples).toHaveLength(1);
    expect(cut.examples[0]?.messages.map(({ content }) => content)).toEqual(['a', 'b']);
    expect(cut.openings).toBe(1);
  });

  it('cuts a long conversation, and repeats as context what fits', () => {
    const long = 'あ'.repeat(40);
    const talk = turns('q1', long, 'q2', long, 'q3', long);
    expect(tell(talk, { maximumTokens: 90, context: 2 })).toEqual([`q1 [${long}] q2 [${long}]`, `q3 [${long}]`]);
    expect(tell(talk, { maximumTokens: 160, context: 2 })).toEqual([`q1 [${long}] q2 [${long}] q3 [${long}]`]);
    const short = turns('q1', 'x', 'q2', long, 'q3', long);
    expect(tell(short, { maximumTokens: 80, context: 4, unit: 'answer' })[2]).toBe(`q2 ${long} q3 [${long}]`);
  });

  it('names answers that do not fit even alone, and learns the others', () => {
    const cut = cutExamples(turns('q1', 'あ'.repeat(200), 'q2', 'ok'), '', { ...usual, maximumTokens: 50 });
    expect(cut.tooLong).toEqual([expect.any(Number)]);
    expect(cut.examples).toMatchObject([{ messages: [{ content: 'q2' }, { content: 'ok' }] }]);
  });

  it('keeps short answers as context only', () => {
    expect(tell(turns('a', 'はい', 'b', '500円です'), { minimumAnswer: 3 })).toEqual(['a はい b [500円です]']);
    expect(tell(turns('a', '500円です', 'b', 'はい'), { minimumAnswer: 3 })).toEqual(['a [500円です]']);
    expect(cutExamples(turns('a', 'はい'), '', { ...usual, minimumAnswer: 3 })).toMatchObject({
      examples: [],
      short: 1,
    });
  });

  it('whatever is said: roles alternate, each answer is learnt at most once, and no example is too long', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 30 }),
        fc.record({
          unit: fc.constantFrom<CutSettings['unit'][]>('answer', 'conversation'),
          context: fc.integer({ min: 0, max: 10 }),
          maximumTokens: fc.integer({ min: 16, max: 200 }),
          minimumAnswer: fc.integer({ min: 1, max: 30 }),
        }),
        fc.boolean(),
        (lengths, settings, opens) => {
          const messages = lengths.map(
            (length, place): ChatMessage => ({
              role: (place % 2 === 0) === opens ? 'assistant' : 'user',
              content: `${place}:${'あ'.repeat(length)}`,
            }),
          );
          const { examples, tooLong, short } = cutExamples(messages, 'S', settings);
          const learnt = examples.flatMap((example) =>
            example.trained.map((place) => example.messages[place]?.content),
          );
          expect(new Set(learnt).size).toBe(learnt.length);
          const begin = messages.findIndex(({ role }) => role === 'user');
          const answers = begin < 0 ? 0 : Math.floor((messages.length - begin) / 2);
          expect(learnt.length + tooLong.length + short).toBe(answers);
          for (const example of examples) {
            expect(countExample(example)).toBeLessThanOrEqual(settings.maximumTokens);
            const [system, ...rest] = example.messages;
            expect(system?.role).toBe('system');
            for (const [place, { role }] of rest.entries()) expect(role).toBe(place % 2 === 0 ? 'user' : 'assistant');
            expect(example.trained.at(-1)).toBe(example.messages.length - 1);
          }
        },
      ),
    );
  });
});
