import type { Chunk, Conversation, PortValue, Stream, StreamElement } from '@kumiki/node-sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { makeElement } from '../testing/make-artifact.ts';
import { runNode } from '../testing/run-node.ts';
import { embeddingModelSample, makeConversation } from '../testing/samples.ts';
import { chunkTranscript } from './chunk-transcript.ts';
import { chunkConversation } from './conversation.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { renderTranscript } from './render-transcript.ts';

/** The port's kind says what travels on it; a test takes it for that, as the next node would. */
const asChunks = (value: PortValue | undefined) => value as Stream<Chunk>;

async function chunk(conversations: readonly Conversation[], settings: Readonly<Record<string, unknown>> = {}) {
  async function* stream(): Stream<Conversation> {
    yield makeElement('load/a.json', conversations);
  }
  const context = createFakeContext();
  const { chunks } = await runNode(chunkConversation, { settings, inputs: { conversations: stream() }, context });
  const elements = await Array.fromAsync<StreamElement<Chunk>>(asChunks(chunks));
  return elements.flatMap((element) => ('items' in element ? element.items : []));
}

const at = '2024-01-05T10:00:00Z';

describe('chunk/conversation', () => {
  it('writes who said what, and when', async () => {
    const [only, ...rest] = await chunk([
      makeConversation('7', ['佐藤: 届きません', '窓口: 確認します'], { at, minutes: 3 }),
    ]);
    expect(rest).toEqual([]);
    expect(only).toMatchObject({
      text: '[10:00] 佐藤: 届きません\n[10:03] 窓口: 確認します',
      headings: ['2024-01-05 10:00'],
      ordinal: 0,
      page: null,
    });
  });

  it('writes roles where there are no names, and nothing of times that nobody told', async () => {
    const [only] = await chunk([makeConversation('7', ['user: a', 'assistant: b'])]);
    expect(only).toMatchObject({ text: 'user: a\nassistant: b', headings: [] });
  });

  it('ends a chunk at a long silence, and names the conversation where there are several', async () => {
    const talk = makeConversation('support', ['佐藤: a', '窓口: b', '佐藤: c'], { at, minutes: 300 });
    const chunks = await chunk([talk, makeConversation('7', ['鈴木: d'])]);
    expect(chunks.map(({ text, headings }) => [...headings, text])).toEqual([
      ['support', '2024-01-05 10:00', '[10:00] 佐藤: a'],
      ['support', '2024-01-05 15:00', '[15:00] 窓口: b'],
      ['support', '2024-01-05 20:00', '[20:00] 佐藤: c'],
      ['7', '鈴木: d'],
    ]);
    expect(await chunk([talk], { gapMinutes: 0 })).toMatchObject([
      { text: '[10:00] 佐藤: a\n[15:00] 窓口: b\n[20:00] 佐藤: c' },
    ]);
  });

  it('tells the day where another begins', async () => {
    const [only] = await chunk([
      makeConversation('7', ['佐藤: a', '窓口: b'], { at: '2024-01-05T23:50:00Z', minutes: 20 }),
    ]);
    expect(only?.text).toBe('[23:50] 佐藤: a\n[2024-01-06 00:10] 窓口: b');
  });

  it('cuts windows of turns that repeat the last ones', async () => {
    const talk = makeConversation('7', ['A: 1', 'B: 2', 'A: 3', 'B: 4', 'A: 5']);
    const texts = async (settings: object) =>
      (await chunk([talk], { ...settings })).map(({ text }) => text.replaceAll('\n', ' '));
    expect(await texts({ turns: 3, overlap: 1 })).toEqual(['A: 1 B: 2 A: 3', 'A: 3 B: 4 A: 5']);
    expect(await texts({ turns: 2, overlap: 0 })).toEqual(['A: 1 B: 2', 'A: 3 B: 4', 'A: 5']);
    expect(await texts({ turns: 2, overlap: 5 })).toEqual(['A: 1 B: 2', 'B: 2 A: 3', 'A: 3 B: 4', 'B: 4 A: 5']);
  });

  it('cuts a turn that alone is too long, and says whose it is', async () => {
    const talk = makeConversation('7', [`佐藤: ${'とても長い話です。'.repeat(40)}`, '窓口: はい']);
    const chunks = await chunk([talk], { size: 64 });
    expect(chunks.length).toBeGreaterThan(2);
    expect(chunks[0]?.headings).toEqual([]);
    expect(chunks[1]?.headings).toEqual(['佐藤:']);
    for (const { tokens } of chunks) expect(tokens).toBeLessThanOrEqual(64);
  });

  it('takes the model’s word for tokens, and keeps chunks within its length', async () => {
    async function* stream(): Stream<Conversation> {
      yield makeElement('a', [makeConversation('7', ['A: 1', 'B: 2'])]);
    }
    const context = createFakeContext({ models: { countTokens: async (_, texts) => texts.map(() => 30) } });
    const inputs = { conversations: stream(), model: { ...embeddingModelSample, maximumTokens: 66 } };
    const { chunks } = await runNode(chunkConversation, { inputs, context });
    expect(await Array.fromAsync<StreamElement<Chunk>>(asChunks(chunks))).toMatchObject([
      { items: [{ tokens: 30 }, { tokens: 30 }] },
    ]);
    expect(context.record.warnings).toEqual(['chunk-size-reduced']);
  });

  it('whatever is said: each chunk is its place in the transcript, none is too long, and no turn is lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            speaker: fc.constantFrom('佐藤', '窓口', ''),
            text: fc.string({ unit: 'grapheme', maxLength: 200 }),
            gap: fc.integer({ min: 0, max: 500 }),
          }),
          { maxLength: 30 },
        ),
        fc.record({
          size: fc.integer({ min: 32, max: 200 }),
          turns: fc.integer({ min: 1, max: 8 }),
          overlap: fc.integer({ min: 0, max: 9 }),
        }),
        async (said, settings) => {
          let minutes = 0;
          const utterances = said.map(({ speaker, text, gap }) => {
            minutes += gap;
            return {
              speaker,
              role: null,
              text: text.normalize('NFC'),
              at: new Date(Date.parse(at) + minutes * 60_000).toISOString(),
            };
          });
          const transcript = renderTranscript([{ id: '1', utterances, line: null }], 240);
          const chunks = await chunkTranscript(transcript, settings, async (texts) => texts.map(estimateTokens));
          for (const { text, start, end, tokens } of chunks) {
            expect(transcript.text.slice(start, end)).toBe(text);
            expect(tokens).toBeLessThanOrEqual(settings.size);
          }
          const covered = new Set(
            chunks.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, place) => start + place)),
          );
          for (const { turns } of transcript.sessions) {
            for (const turn of turns) {
              for (let place = turn.start; place < turn.end; place++) {
                if (transcript.text.charAt(place).trim() !== '') expect(covered.has(place)).toBe(true);
              }
            }
          }
        },
      ),
    );
  });
});
