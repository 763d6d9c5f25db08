import { ensureModel, smolLm2 } from '@kumiki/models';
import { buildFlowDocument } from '@kumiki/testkit';
import { cacheFolder } from '@kumiki/testkit/cache-folder';
import { type ServerProcess, startLlamaServer } from '@kumiki/testkit/model-servers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { openTestWorkbench, type TestWorkbench } from '../testing/open-test-workbench.ts';

/** Far more than it can write before it is cancelled. */
const askedTokens = 3_000;

let test: TestWorkbench;
let server: ServerProcess;
beforeAll(async () => {
  const model = await ensureModel(smolLm2, { folder: cacheFolder('models') });
  server = await startLlamaServer({ model, name: smolLm2.name, parallel: 2, contextLength: 4_096 });
  test = await openTestWorkbench();
});
afterAll(async () => {
  await test?.close();
  await server?.stop();
});

const slotSchema = z.object({
  is_processing: z.boolean(),
  next_token: z.array(z.object({ n_decoded: z.int() })),
});

/** The places at which the server writes, and how many tokens each has written for its present or last request. */
async function readSlots() {
  const slots = z.array(slotSchema).parse(await (await fetch(`${server.address}/slots`)).json());
  return slots.map(({ is_processing, next_token }) => ({
    busy: is_processing,
    written: next_token.reduce((sum, { n_decoded }) => sum + n_decoded, 0),
  }));
}

const countBusy = async () => (await readSlots()).filter(({ busy }) => busy).length;

describe('a real llama-server', () => {
  it('stops writing for every arm of a run that is cancelled', async () => {
    const host = { name: 'llama', kind: 'openai-compatible', address: `${server.address}/v1` };
    const { id } = (await test.call('POST', '/api/model-hosts', host)).body;
    const flow = buildFlowDocument()
      .node('question', 'input', { name: 'question' })
      .node('chat', 'model/chat', { host: id, model: smolLm2.name })
      .node('prompt', 'prompt/template', { template: 'Write a very long story about {{question}}.' })
      .wire('question.value', 'prompt.question');
    for (const name of ['one', 'two']) {
      flow
        .node(name, 'generate/llm', { maximumTokens: askedTokens })
        .node(`${name}-answer`, 'output', { name })
        .wire('chat.model', `${name}.model`)
        .wire('prompt.prompt', `${name}.prompt`)
        .wire(`${name}.answer`, `${name}-answer.value`);
    }
    const created = await test.call('POST', '/api/flows', { document: flow.build() });
    const built = await test.call('POST', `/api/flows/${created.body.id}/builds`, {});
    const told = await test.followRun(built.body.run);
    expect(told.at(-1)?.event).toMatchObject({ state: 'succeeded' });

    const inputs = { question: 'a whale and a dog' };
    const run = (await test.call('POST', `/api/flows/${created.body.id}/runs`, { inputs })).body.id;
    await vi.waitFor(async () => expect(await countBusy()).toBe(2), { timeout: 60_000 });
    expect((await test.call('POST', `/api/runs/${run}/cancel`)).status).toBe(202);
    const events = await test.followRun(run);
    expect(events.at(-1)?.event).toMatchObject({ type: 'run-end', state: 'cancelled' });
    await vi.waitFor(async () => expect(await countBusy()).toBe(0), { timeout: 60_000 });
    // A tenth is what it writes in some seconds; where nothing stopped it, it would have written all of them.
    for (const { written } of await readSlots()) expect(written).toBeLessThan(askedTokens / 10);
  });
});
