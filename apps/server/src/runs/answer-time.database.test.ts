import type { ChatEvent } from '@kumiki/node-sdk';
import { buildFlowDocument } from '@kumiki/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openTestWorkbench, type TestWorkbench } from '../testing/open-test-workbench.ts';

let test: TestWorkbench;
let flow: string;
/** Those of the calls to the model, none of which ends by itself. */
const signals: AbortSignal[] = [];

beforeAll(async () => {
  test = await openTestWorkbench({ KUMIKI_ANSWER_SECONDS: '1' });
  vi.spyOn(test.host, 'chat').mockImplementation(async function* (_, signal): AsyncGenerator<
    ChatEvent,
    undefined,
    undefined
  > {
    yield { type: 'delta', text: 'は' };
    signals.push(signal);
    await new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    return undefined;
  });
  const document = buildFlowDocument('Slow')
    .node('question', 'input', { name: 'question' })
    .node('chat', 'model/chat', { model: 'fake-chat' })
    .node('prompt', 'prompt/template', { template: '{{question}}' })
    .node('write', 'generate/llm')
    .node('output', 'output', { name: 'answer' })
    .wire('question.value', 'prompt.question')
    .wire('prompt.prompt', 'write.prompt')
    .wire('chat.model', 'write.model')
    .wire('write.answer', 'output.value')
    .build();
  flow = (await test.call('POST', '/api/flows', { document })).body.id;
  const { run } = (await test.call('POST', `/api/flows/${flow}/builds`, {})).body;
  expect((await test.followRun(run)).at(-1)?.event).toMatchObject({ state: 'succeeded' });
});
afterAll(() => test.close());

describe('a question that takes longer than the server allows', () => {
  it('fails as a run, and its model is stopped', async () => {
    const { id } = (await test.call('POST', `/api/flows/${flow}/runs`, { inputs: { question: 'あ' } })).body;
    const events = await test.followRun(id);
    expect(events.at(-1)?.event).toMatchObject({ state: 'failed', error: { code: 'run-timeout' } });
    expect(signals.splice(0).map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('answers 504 where an endpoint was asked', async () => {
    const routes = [{ flow, version: 1, build: 1, output: 'answer' }];
    await test.call('POST', '/api/endpoints', { slug: 'slow', routes });
    const answer = await test.call('POST', '/v1/endpoints/slow', { inputs: { question: 'あ' } });
    expect(answer).toMatchObject({ status: 504, body: { code: 'run-timeout' } });
    expect(signals.splice(0).map(({ aborted }) => aborted)).toEqual([true]);
  });
});
