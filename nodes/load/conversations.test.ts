import { type Conversation, type FileData, KumikiError } from '@kumiki/node-sdk';
import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { readLoader } from '../testing/read-loader.ts';
import { loadConversations } from './conversations.ts';

function makeContext(files: Readonly<Record<string, string>>) {
  const warned: string[] = [];
  const context = createFakeContext({
    files: {
      listCollection: async () =>
        Object.keys(files).map((name) => ({ id: name, name, identity: name, contentHash: null, mediaType: null })),
      readCollectionFile: async (_, id) => ({
        content: new TextEncoder().encode(files[id]),
        contentHash: `hash of ${id}`,
      }),
    },
    documents: {
      readData: async ({ content }): Promise<FileData> => {
        const text = new TextDecoder().decode(content);
        if (text === 'damaged')
          throw new KumikiError({ code: 'document-damaged', message: { en: 'Damaged.', ja: '壊れています。' } });
        return { kind: 'text', text };
      },
    },
  });
  return {
    context: { ...context, warn: ({ message }: { message: { en: string } }) => warned.push(message.en) },
    warned,
  };
}

const read = (files: Readonly<Record<string, string>>, settings: Readonly<Record<string, unknown>> = {}) => {
  const { context, warned } = makeContext(files);
  return readLoader<Conversation>(loadConversations, { collection: 'talks', ...settings }, context).then(
    (elements) => ({ elements, warned }),
  );
};

describe('load/conversations', () => {
  it('puts out the conversations of each file, and says in which format they were', async () => {
    const { elements, warned } = await read({ 'a.jsonl': '{"instruction":"質問","output":"回答"}' });
    expect(elements).toEqual([
      {
        document: {
          id: 'a.jsonl',
          name: 'a.jsonl',
          mediaType: 'application/json',
          contentHash: 'hash of a.jsonl',
          metadata: { format: 'alpaca' },
        },
        items: [
          {
            id: expect.any(String),
            line: 1,
            utterances: [
              { speaker: '', role: 'user', text: '質問', at: null },
              { speaker: '', role: 'assistant', text: '回答', at: null },
            ],
          },
        ],
      },
    ]);
    expect(warned).toEqual([]);
  });

  it('lists rows that cannot be read with their lines, and goes on', async () => {
    const { elements, warned } = await read({
      'a.jsonl': '{"instruction":"質問","output":"回答"}\n{"instruction":\n{"instruction":"質問2","output":"回答"}',
      'b.jsonl': 'damaged',
      'c.jsonl': '{"instruction":"a","output":"b"}\n{"instruction":"a"}',
    });
    expect(elements.map((element) => ('error' in element ? element.error.code : element.items.length))).toEqual([
      2,
      'document-damaged',
      1,
    ]);
    expect(elements[0]).toMatchObject({ unreadable: [{ line: 2 }] });
    expect(warned).toEqual([
      '2 rows could not be read and were left out.\n“a.jsonl”, line 2: It is not valid JSON.\n“c.jsonl”, line 2: “output” is missing or is not what it should be.',
    ]);
  });

  it('names what it found where it knows no layout for it', async () => {
    const { elements } = await read({ 'a.json': '[{"x":1,"y":2}]', 'b.jsonl': '{"instruction":"a"}' });
    expect(elements).toMatchObject([
      { error: { code: 'conversation-format-unknown', message: { en: expect.stringContaining('x, y') } } },
      { error: { code: 'conversation-format-unknown' } },
    ]);
    const told = await read({ 'b.jsonl': '{"instruction":"a"}' }, { format: 'alpaca' });
    expect(told.elements).toMatchObject([
      { error: { code: 'conversations-missing', message: { en: expect.stringContaining('Line 1') } } },
    ]);
  });
});
