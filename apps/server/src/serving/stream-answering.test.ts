import { expect, it } from 'vitest';
import type { ServerSentEvent } from '../http/event-stream.ts';
import type { Answer } from './answer.ts';
import { Channel } from './channel.ts';
import { streamAnswering } from './stream-answering.ts';

const answered: Answer = {
  output: '猫',
  citations: [],
  usage: { promptTokens: 1, completionTokens: 1 },
  run: 'run',
  arm: { flow: 'flow', version: 1, build: 1, output: 'answer' },
};

function openAnswer() {
  const order: string[] = [];
  const text = new Channel<string>();
  const { promise: answer, resolve, reject } = Promise.withResolvers<Answer>();
  const held: string[] = [];
  const connection = { cork: () => held.push('cork'), uncork: () => held.push('uncork') };
  const streaming = streamAnswering(
    { text, answer },
    {
      async *produce(signal): AsyncGenerator<ServerSentEvent> {
        order.push('made ready');
        signal.addEventListener('abort', () => order.push('told that nobody reads'));
        for await (const delta of text) yield { data: delta };
        yield { data: (await answer).output };
      },
      onFailure: () => order.push('failed'),
      connection,
    },
  );
  streaming.then(
    () => order.push('handed over'),
    () => order.push('refused'),
  );
  return { order, text, resolve, reject, streaming, held };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

it('an answer is made ready before its first word, and handed over with it, by a connection held for a moment', async () => {
  const { order, text, resolve, streaming, held } = openAnswer();
  await settle();
  expect(order).toEqual(['made ready']);
  order.push('first word');
  text.push('猫');
  const stream = await streaming;
  expect(held).toEqual(['cork']);
  await settle();
  expect(held).toEqual(['cork', 'uncork']);
  text.end();
  resolve(answered);
  expect(await stream.text()).toBe('data: 猫\n\ndata: 猫\n\n');
  expect(order).toEqual(['made ready', 'first word', 'handed over']);
});

it('an answer without a word is handed over once it is there', async () => {
  const { text, resolve, streaming } = openAnswer();
  text.end();
  resolve(answered);
  expect(await (await streaming).text()).toBe('data: 猫\n\n');
});

it('what fails before its first word is no stream, and what was made ready is put away', async () => {
  const { order, text, reject, streaming, held } = openAnswer();
  text.end();
  reject(new Error('The model host is down'));
  await expect(streaming).rejects.toThrow('The model host is down');
  expect(order).toContain('told that nobody reads');
  expect(held).toEqual([]);
});
