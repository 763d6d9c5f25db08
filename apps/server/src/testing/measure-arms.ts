import type { ChatEvent, ChatRequest } from '@kumiki/node-sdk';
import { expect, vi } from 'vitest';
import type { TestWorkbench } from './open-test-workbench.ts';
import { drawTwoArms } from './sample-flows.ts';

/** Something to ask about, of which each has a document of its own: to send the third thing costs 300円. */
export function writeFacts(
  count: number,
): readonly { readonly name: string; readonly text: string; readonly row: object }[] {
  return Array.from({ length: count }, (_, place) => {
    const number = place + 1;
    const name = `item-${number}.txt`;
    return {
      name,
      text: `第${number}番の品物の送料は${number}00円です。お届けまでに二日ほどかかります。`,
      row: {
        id: `item-${number}`,
        question: `第${number}番の品物の送料はいくらですか`,
        reference: `${number}00円`,
        document: name,
        topic: number % 2 === 0 ? '偶数' : '奇数',
      },
    };
  });
}

export type MeasuredFlow = { readonly flow: string; readonly collection: string; readonly arms: readonly object[] };

/** Two arms over some facts, built: the model by itself, and with what it finds. */
export async function buildTwoArms(
  test: TestWorkbench,
  facts: readonly { readonly name: string; readonly text: string }[],
): Promise<MeasuredFlow> {
  const collection = (await test.call('POST', '/api/collections', { name: 'docs' })).body.id;
  for (const { name, text } of facts) {
    await test.fetch(`/api/collections/${collection}/files/${name}`, { method: 'PUT', body: text });
  }
  const flow = (await test.call('POST', '/api/flows', { document: drawTwoArms('docs') })).body.id;
  const { run } = (await test.call('POST', `/api/flows/${flow}/builds`, {})).body;
  expect((await test.followRun(run)).at(-1)?.event).toMatchObject({ state: 'succeeded', build: 1 });
  const arms = ['base', 'retrieval'].map((output) => ({ flow, version: 1, build: 1, output }));
  return { flow, collection, arms };
}

/** Freezes rows, and gives the set's id. */
export async function freeze(test: TestWorkbench, rows: readonly unknown[]): Promise<string> {
  const made = await test.call('POST', '/api/question-sets', { name: 'set', source: { kind: 'rows', rows } });
  expect(made.status).toBe(201);
  return made.body.id;
}

/** Begins an experiment and waits for its end. */
export async function runToEnd(test: TestWorkbench, settings: object) {
  const made = await test.call('POST', '/api/experiments', { name: '実験', ...settings });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const events = (await test.followRun(made.body.run)).map(({ event }) => event);
  return { id: String(made.body.id), run: String(made.body.run), events };
}

export const warmUpQuestion = 'Kumiki: 1 + 1';

/** Everything that the model is asked from here on, with what answers in the place of its echo, where that gives something. */
export function watchChats(
  test: TestWorkbench,
  answer: (prompt: string, place: number) => string | null = () => null,
): readonly string[] {
  const prompts: string[] = [];
  const chat = test.host.chat.bind(test.host);
  vi.spyOn(test.host, 'chat').mockImplementation(async function* (
    request: ChatRequest,
    signal: AbortSignal,
  ): AsyncGenerator<ChatEvent, undefined, undefined> {
    const prompt = request.messages.at(-1)?.content ?? '';
    prompts.push(prompt);
    const said = answer(prompt, prompts.length);
    signal.throwIfAborted();
    if (said !== null) test.host.script(said);
    return yield* chat(request, signal);
  });
  return prompts;
}
