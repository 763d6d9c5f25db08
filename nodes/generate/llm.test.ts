import { type ChatEvent, KumikiError } from '@kumiki/node-sdk';
import { describe, expect, it } from 'vitest';
import { createFakeChat, createFakeContext } from '../testing/fake-context.ts';
import { runNode } from '../testing/run-node.ts';
import { generateAnswer } from './llm.ts';

const model = {
  host: 'embedded',
  name: 'qwen',
  digest: 'sha256:w',
  adapter: null,
  template: null,
  contextLength: 2048,
};
const delta = (text: string): ChatEvent => ({ type: 'delta', text });
const end = (reason: 'stop' | 'length' = 'stop'): ChatEvent => ({
  type: 'end',
  reason,
  usage: { promptTokens: 10, completionTokens: 2 },
});
const failure = (code: string) =>
  new KumikiError({ code, message: { en: code, ja: code }, retryable: code === 'model-host-down' });

function generate(events: readonly (ChatEvent | Error)[], settings: Record<string, unknown> = {}) {
  const { chat, requests } = createFakeChat(events);
  const context = createFakeContext({ models: { chat } });
  const prompt = [{ role: 'user' as const, content: '返金は？' }];
  return { answer: runNode(generateAnswer, { settings, inputs: { prompt, model }, context }), context, requests };
}

describe('generate/llm', () => {
  it('streams the answer and reports its tokens', async () => {
    const { answer, context, requests } = generate([delta('14 日'), delta('以内です。'), end()]);
    expect(await answer).toEqual({ answer: '14 日以内です。' });
    expect(context.record.texts).toEqual(['14 日', '以内です。']);
    expect(context.record.usages).toEqual([{ promptTokens: 10, completionTokens: 2 }]);
    expect(context.record.progress.at(-1)).toEqual({ done: 2, total: 512, unit: 'tokens' });
    expect(requests).toEqual([
      {
        messages: [{ role: 'user', content: '返金は？' }],
        temperature: 0.2,
        maximumTokens: 512,
        contextLength: 2048,
      },
    ]);
  });

  it('takes plain text as the question', async () => {
    const { chat, requests } = createFakeChat([end()]);
    const context = createFakeContext({ models: { chat } });
    await runNode(generateAnswer, { settings: { seed: 3 }, inputs: { prompt: 'はい？', model }, context });
    expect(requests).toMatchObject([{ messages: [{ role: 'user', content: 'はい？' }], seed: 3 }]);
  });

  it('warns when the answer was cut at its longest', async () => {
    const { answer, context } = generate([delta('あ'), end('length')], { maximumTokens: 1 });
    await answer;
    expect(context.record.warnings).toEqual(['answer-cut']);
  });

  it('may be tried again before the first token, and not after it', async () => {
    await expect(generate([failure('model-host-down')]).answer).rejects.toMatchObject({ retryable: true });
    await expect(generate([delta('あ'), failure('model-host-down')]).answer).rejects.toMatchObject({
      code: 'model-host-down',
      retryable: false,
    });
  });

  it('advises what to do about a prompt that is too long', async () => {
    await expect(generate([failure('model-input-too-long')]).answer).rejects.toMatchObject({
      code: 'model-input-too-long',
      node: 'node',
      text: { ja: expect.stringContaining('抜粋の数を減らす') },
    });
  });

  it('takes a stream without its end for the error that it is', async () => {
    await expect(generate([delta('途中')]).answer).rejects.toMatchObject({ code: 'model-stream-cut' });
  });

  it('rejects with the reason when it is cancelled', async () => {
    const controller = new AbortController();
    const chat = async function* () {
      yield delta('あ');
      controller.abort(new Error('enough'));
      yield delta('い');
    };
    const context = createFakeContext({ models: { chat }, signal: controller.signal });
    const run = runNode(generateAnswer, { inputs: { prompt: 'x', model }, context });
    await expect(run).rejects.toThrow('enough');
    expect(context.record.texts).toEqual(['あ']);
  });
});
