import { describe, expect, it } from 'vitest';
import { addHistory, readUtterance } from './conversation.ts';
import type { FlowInput } from './flow-interface.ts';

const input = (name: string, kind: string): FlowInput => ({ name, kind, title: '', example: null });
const chat = input('chat', 'messages');
const question = input('question', 'text');
const tone = input('tone', 'text');
const user = { role: 'user', content: 'How late is it?' } as const;
const assistant = { role: 'assistant', content: 'Noon.' } as const;
const system = { role: 'system', content: 'Be brief.' } as const;

describe('what a call says in a conversation', () => {
  it('is the messages that it gives, without instructions', () => {
    expect(readUtterance([chat, question, tone], { chat: [system, user], question: 'x' })).toEqual({
      input: 'chat',
      given: [system, user],
      said: [user],
    });
  });

  it('is else its one text', () => {
    const said = [{ role: 'user', content: 'Where?' }];
    for (const given of [undefined, [], [system], [assistant]]) {
      const inputs = { question: 'Where?', ...(given === undefined ? {} : { chat: given }) };
      expect(readUtterance([question, chat], inputs)).toMatchObject({ said });
    }
  });

  it('is nothing to a flow that takes no messages', () => {
    expect(readUtterance([question, tone], { question: 'Where?' })).toBeNull();
  });

  it('is not guessed', () => {
    const unclear = expect.objectContaining({ code: 'conversation-unclear', status: 422 });
    expect(() => readUtterance([chat], {})).toThrow(unclear);
    expect(() => readUtterance([chat, question, tone], { question: 'a', tone: 'b' })).toThrow(unclear);
    expect(() => readUtterance([chat, input('other', 'messages')], { chat: [user] })).toThrow(unclear);
  });

  it('is refused with its place where it is of another shape', () => {
    const misshapen = { chat: [{ role: 'robot', content: 'x' }] };
    expect(() => readUtterance([chat], misshapen)).toThrow(
      expect.objectContaining({ code: 'invalid-request', status: 422, path: '/inputs/chat/0/role' }),
    );
  });

  it('follows on what was said before, behind the instructions', () => {
    const now = { role: 'user', content: 'And now?' } as const;
    const utterance = readUtterance([chat], { chat: [now, system] });
    if (utterance === null) throw new Error('the flow takes messages');
    expect(addHistory({ other: 1 }, utterance, [user, assistant])).toEqual({
      other: 1,
      chat: [system, user, assistant, now],
    });
  });
});
