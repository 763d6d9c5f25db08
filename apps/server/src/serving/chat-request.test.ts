import { KumikiError } from '@kumiki/node-sdk';
import { describe, expect, it } from 'vitest';
import { fillInputs, readChatRequest } from './chat-request.ts';
import type { FlowInput } from './flow-interface.ts';

const text: FlowInput = { name: 'question', kind: 'text', title: '', example: null };
const messages = [{ role: 'user', content: 'hello' }];

function parameterOf(body: object): string | null {
  try {
    readChatRequest({ model: 'm', messages, ...body });
    return null;
  } catch (error) {
    return error instanceof KumikiError ? error.path : 'thrown';
  }
}

describe('a chat request', () => {
  it('may leave out and null whatever is optional', () => {
    const request = readChatRequest({ model: 'm', messages, n: null, tools: [], temperature: 0.2, stream: null });
    expect(request).toMatchObject({ model: 'm', stream: false, includeUsage: false, subject: null });
  });

  it.each([
    ['n', { n: 2 }],
    ['tools', { tools: [{}] }],
    ['logprobs', { logprobs: true }],
    ['response_format', { response_format: { type: 'json_object' } }],
    ['messages[0].content', { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }],
    ['messages', { messages: [] }],
    ['messages[0].role', { messages: [{ role: 'tool', content: 'x' }] }],
  ])('names %s where that is what cannot be done', (parameter, body) => {
    expect(parameterOf(body)).toBe(parameter);
  });

  it('takes content in parts, and developers for the system', () => {
    const parts = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ];
    const request = readChatRequest({ model: 'm', messages: [{ role: 'developer', content: parts }, ...messages] });
    expect(request.messages).toEqual([
      { role: 'system', content: 'ab' },
      { role: 'user', content: 'hello' },
    ]);
  });

  it('fills a flow with messages, or with the last question where it takes one text', () => {
    const talk = [
      { role: 'user' as const, content: 'first' },
      { role: 'assistant' as const, content: 'answer' },
      { role: 'user' as const, content: 'second' },
    ];
    expect(fillInputs([{ ...text, name: 'talk', kind: 'messages' }], talk)).toEqual({ talk });
    expect(fillInputs([text], talk)).toEqual({ question: 'second' });
    expect(fillInputs([text, { ...text, name: 'other' }], talk)).toBeNull();
    expect(fillInputs([{ ...text, kind: 'number' }], talk)).toBeNull();
  });
});
