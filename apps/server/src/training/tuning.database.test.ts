import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { describe, expect, it, type TestContext, vi } from 'vitest';
import { fromBufferPromise as openZip } from 'yauzl';
import { ZipFile } from 'yazl';
import { stopping } from '../runs/runner.ts';
import {
  baseDigest,
  drawTuned,
  drawTunedOnConversations,
  openTuningWorkbench,
  servingTemplate,
} from '../testing/open-tuning-workbench.ts';

const patience = { timeout: 30_000, interval: 20 };

async function open(test: TestContext, behaviour: Parameters<typeof openTuningWorkbench>[0] = {}) {
  const workbench = await openTuningWorkbench(behaviour);
  test.onTestFinished(() => workbench.close());
  const { call, followRun } = workbench;
  const log = () => readFile(workbench.starts, 'utf8').catch(() => '');
  return {
    ...workbench,
    async draw(document: unknown) {
      const { body, status } = await call('POST', '/api/flows', { document });
      expect(status).toBe(201);
      return String(body.id);
    },
    async change(flow: string, document: unknown) {
      const { headers } = await call('GET', `/api/flows/${flow}`);
      const { status } = await call(
        'PUT',
        `/api/flows/${flow}`,
        { document },
        { 'if-match': headers.get('etag') ?? '' },
      );
      expect(status).toBe(200);
    },
    async build(flow: string, options: object = {}) {
      const { body } = await call('POST', `/api/flows/${flow}/builds`, options);
      const events = (await followRun(body.run)).map(({ event }) => event);
      return { run: String(body.run), events, end: events.at(-1) };
    },
    async ask(flow: string, question: string) {
      const { body } = await call('POST', `/api/flows/${flow}/runs`, { inputs: { question } });
      const events = (await followRun(body.id)).map(({ event }) => event);
      return events.at(-1);
    },
    log,
    starts: async () => (await log()).split('\n').filter((line) => line === 'train').length,
  };
}

const questions = ['送料は？', '返品は？'];

describe('a flow with a fine-tune node', () => {
  it('trains, tells how it goes on, and answers with the adapter in the prompt of its training', async (test) => {
    const { draw, build, ask, host } = await open(test);
    const flow = await draw(drawTuned(questions));
    const { events, end } = await build(flow);
    expect(end).toMatchObject({ type: 'run-end', state: 'succeeded' });
    const told = events.flatMap((event) => (event.type === 'node-progress' && event.training ? [event.training] : []));
    expect(told.map(({ type }) => type)).toEqual(['estimate', 'state', 'plan', 'points', 'samples']);
    expect(told[0]).toMatchObject({ verdict: 'fits', steps: 3, memory: { device: 'cpu' } });
    const tuned = events.find((event) => event.type === 'node-end' && event.node === 'tune');
    expect(tuned).toMatchObject({ state: 'succeeded', warnings: [{ code: 'training-few-steps' }] });

    expect(await ask(flow, '送料は？')).toMatchObject({ state: 'succeeded' });
    const request = host.chatRequests.at(-1);
    expect(request).toMatchObject({ model: 'fake-chat', adapter: { base: baseDigest } });
    expect(request?.messages).toEqual([
      { role: 'system', content: servingTemplate.system },
      { role: 'user', content: '質問：送料は？' },
    ]);
  });

  it('is trained once, and again only where something that counts has changed', async (test) => {
    const { draw, change, build, starts } = await open(test);
    const flow = await draw(drawTuned(questions));
    await build(flow);
    await build(flow);
    expect(await starts()).toBe(1);
    // What is only looked at while it trains is no part of the model.
    await change(flow, drawTuned(questions, { samplePrompts: '営業時間は？' }));
    const { events } = await build(flow);
    expect(await starts()).toBe(1);
    expect(events.find((event) => event.type === 'node-end' && event.node === 'tune')).toMatchObject({
      state: 'reused',
    });
    await change(flow, drawTuned(questions, { rank: 8 }));
    await build(flow);
    expect(await starts()).toBe(2);
  });

  it('keeps its model where only conversations have changed, until it is asked to train again', async (test) => {
    const { call, draw, build, starts } = await open(test);
    const { body: collection } = await call('POST', '/api/collections', { name: 'chats' });
    const put = (answer: string) => {
      const messages = [
        { role: 'user', content: '送料はいくらですか？' },
        { role: 'assistant', content: answer },
      ];
      return call('PUT', `/api/collections/${collection.id}/files/chats.jsonl`, JSON.stringify({ messages }));
    };
    const findTuned = (events: Awaited<ReturnType<typeof build>>['events']) =>
      events.find((event) => event.type === 'node-end' && event.node === 'tune');
    await put('全国一律500円です。');
    const flow = await draw(drawTunedOnConversations('chats'));
    expect((await build(flow)).end).toMatchObject({ state: 'succeeded' });
    await put('全国一律800円です。');
    const kept = await build(flow);
    expect(findTuned(kept.events)).toMatchObject({ state: 'reused', warnings: [{ code: 'kept-stale' }] });
    expect(await starts()).toBe(1);
    const retrained = await build(flow, { retrain: ['tune'] });
    expect(findTuned(retrained.events)).toMatchObject({ state: 'succeeded' });
    expect(await starts()).toBe(2);
    const { body: list } = await call('GET', '/api/tuned-models');
    const hashes = list.items.map(({ card }: { card: { dataset: { sha256: string } } }) => card.dataset.sha256);
    expect(new Set(hashes).size).toBe(2);
  });

  it('tells what loaded models hold besides, and has them give it back', async (test) => {
    const { call, draw, build, host } = await open(test);
    const unload = vi.fn(async () => {});
    Object.assign(host, { loaded: async () => ({ memory: 600_000_000, deviceMemory: 0 }), unload });
    const { events } = await build(await draw(drawTuned(questions)));
    const estimate = events.find((event) => event.type === 'node-progress' && event.training?.type === 'estimate');
    expect(estimate).toMatchObject({ training: { memory: { held: 600_000_000 } } });
    expect((await call('POST', '/api/model-hosts/embedded/unload')).status).toBe(204);
    expect(unload).toHaveBeenCalledOnce();
    expect((await call('POST', '/api/model-hosts/nobody/unload')).status).toBe(404);
  });

  it('refuses a model whose weights nobody knows how to get, before anything starts', async (test) => {
    const { draw, build, host, starts } = await open(test);
    host.changeDigest('fake-chat', `sha256:${'0'.repeat(64)}`);
    const { end } = await build(await draw(drawTuned(questions)));
    expect(end).toMatchObject({ state: 'failed', error: { code: 'model-not-trainable', node: 'tune' } });
    expect(await starts()).toBe(0);
  });

  it('ends early with the best that it has when it is asked to, and the run goes on', async (test) => {
    const { draw, call, followRun } = await open(test, { steps: 1_000_000 });
    const flow = await draw(drawTuned(questions));
    const { body } = await call('POST', `/api/flows/${flow}/builds`, {});
    const stop = (node: string) => call('POST', `/api/runs/${body.run}/nodes/${node}/stop`);
    expect(await stop('answer')).toMatchObject({ status: 422, body: { code: 'node-not-stoppable' } });
    expect((await stop('tune')).status).toBe(202);
    const events = await followRun(body.run);
    expect(events.at(-1)?.event).toMatchObject({ type: 'run-end', state: 'succeeded' });
    const { body: list } = await call('GET', '/api/tuned-models');
    expect(list.items[0].card.training.stopped).toBe('asked');
    expect(await stop('tune')).toMatchObject({ status: 409, body: { code: 'run-ended' } });
  });

  it('hears of it also where another process was asked', async (test) => {
    const { draw, call, followRun, workbench } = await open(test, { steps: 1_000_000 });
    vi.spyOn(workbench.trainings.stops, 'tell').mockImplementationOnce(() => {});
    const flow = await draw(drawTuned(questions));
    const { body } = await call('POST', `/api/flows/${flow}/builds`, {});
    await call('POST', `/api/runs/${body.run}/nodes/tune/stop`);
    expect((await followRun(body.run)).at(-1)?.event).toMatchObject({ type: 'run-end', state: 'succeeded' });
  });

  it('goes on from its checkpoint when the process that trained was stopped', async (test) => {
    const { draw, call, followRun, starts, folder, workbench } = await open(test, { steps: 60, stepMilliseconds: 50 });
    const flow = await draw(drawTuned(questions));
    const { body } = await call('POST', `/api/flows/${flow}/builds`, {});
    const findCheckpoint = async () => {
      const files = await readdir(join(folder, 'trainings'), { recursive: true }).catch(() => []);
      return files.some((file) => file.endsWith('checkpoint.json'));
    };
    await vi.waitUntil(findCheckpoint, patience);
    workbench.running.live.abort(body.run, stopping);
    const events = (await followRun(body.run)).map(({ event }) => event);
    expect(events.at(-1)).toMatchObject({ type: 'run-end', state: 'succeeded' });
    const plans = events.flatMap((event) =>
      event.type === 'node-progress' && event.training?.type === 'plan' ? [event.training.resumedFrom] : [],
    );
    expect(plans.at(-1)).toBeGreaterThanOrEqual(1);
    expect(await starts()).toBe(2);
    expect((await readdir(join(folder, 'trainings'))).filter((name) => !name.endsWith('.json'))).toEqual([]);
  });

  it('ends the trainer when its run is cancelled', async (test) => {
    const { draw, call, followRun, starts, log } = await open(test, { steps: 1_000_000 });
    const flow = await draw(drawTuned(questions));
    const { body } = await call('POST', `/api/flows/${flow}/builds`, {});
    await vi.waitUntil(async () => (await starts()) === 1, patience);
    await call('POST', `/api/runs/${body.run}/cancel`);
    expect((await followRun(body.run)).at(-1)?.event).toMatchObject({ type: 'run-end', state: 'cancelled' });
    await vi.waitUntil(async () => (await log()).endsWith('end 10\n'), patience);
  });
});

describe('publishing a tuned model', () => {
  it('warns where it is served with another prompt than it was trained with', async (test) => {
    const { call, draw, build } = await open(test);
    const document = drawTuned(questions);
    const { prompt } = document.nodes;
    const other = { ...prompt, settings: { template: '{{question}}' } };
    const edges = [
      ...document.edges.map((edge) => (edge.from === 'prompt.template' ? { ...edge, from: 'trained.template' } : edge)),
      { from: 'question.value', to: 'trained.question' },
    ];
    const flow = await draw({ ...document, nodes: { ...document.nodes, trained: other }, edges });
    await build(flow);
    const route = { flow, version: 1, build: 1, output: 'answer' };
    const published = await call('POST', '/api/endpoints', { slug: 'tuned', routes: [route] });
    expect(published.status).toBe(201);
    expect(published.body.warnings).toMatchObject([{ code: 'other-prompt-than-trained', node: 'answer' }]);
    const same = await draw(document);
    await build(same);
    const changed = await call('PUT', '/api/endpoints/tuned', { routes: [{ ...route, flow: same }] });
    expect(changed).toMatchObject({ status: 200, body: { warnings: [] } });
  });
});

describe('tuned models', () => {
  async function train(test: TestContext) {
    const opened = await open(test);
    const flow = await opened.draw(drawTuned(questions));
    const { run } = await opened.build(flow);
    const { body } = await opened.call('GET', '/api/tuned-models');
    return { ...opened, flow, run, model: body.items[0] };
  }

  it('are kept with a card of what they were made of, and get a name later', async (test) => {
    const { call, model, run } = await train(test);
    expect(model).toMatchObject({
      name: null,
      origin: 'trained',
      base: { host: 'embedded', name: 'fake-chat', digest: baseDigest },
      ...{ run, node: 'tune' },
      card: {
        base: { name: 'fake-chat', digest: baseDigest, licence: 'Apache-2.0' },
        dataset: { examples: { train: 2, evaluation: 0 } },
        prompt: servingTemplate,
        settings: { rank: 16, alpha: 32, learningRate: 2e-4 },
        training: { steps: 4, stopped: 'complete', evaluationLoss: { before: 3, best: 0.25 }, device: 'cpu' },
      },
    });
    expect(model.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(model.card.training).not.toHaveProperty('curve');
    const { body: whole } = await call('GET', `/api/tuned-models/${model.id}`);
    expect(whole.card.training.curve.at(-1)).toEqual({ step: 4, loss: 0.5, evaluationLoss: 0.25 });
    expect((await call('GET', `/api/tuned-models?digest=${model.digest}`)).body.items).toEqual([model]);
    expect((await call('GET', '/api/tuned-models?digest=sha256:other')).body.items).toEqual([]);
    const named = await call('PATCH', `/api/tuned-models/${model.id}`, { name: '窓口の口調' });
    expect(named).toMatchObject({ status: 200, body: { name: '窓口の口調' } });
    expect((await call('GET', `/api/tuned-models/${model.id}`)).body.name).toBe('窓口の口調');
  });

  it('are downloaded as a PEFT folder with the card, as an adapter in GGUF, and merged', async (test) => {
    const { fetch, model } = await train(test);
    const folder = await readZip(await fetch(`/api/tuned-models/${model.id}/file`));
    expect([...folder.keys()].map((name) => name.split('/')[1])).toEqual([
      'README.md',
      'adapter_config.json',
      'adapter_model.safetensors',
    ]);
    const card = [...folder].find(([name]) => name.endsWith('README.md'))?.[1] ?? '';
    expect(card).toContain('質問：{{question}}');
    expect(card).toContain('license: "apache-2.0"');
    const lora = await fetch(`/api/tuned-models/${model.id}/file?form=lora`);
    expect(await lora.text()).toMatch(/^GGUF to-gguf of weights of/);
    const merged = await fetch(`/api/tuned-models/${model.id}/file?form=merged&type=Q8_0`);
    expect(merged.headers.get('content-disposition')).toContain('Q8_0.gguf');
    expect(await merged.text()).toMatch(/^GGUF merge of weights of/);
  });

  it('stay while a build holds them, and go with their files when nothing does', async (test) => {
    const { call, flow, model, host, fetch, workbench } = await train(test);
    const dropped: string[] = [];
    Object.assign(host, { dropAdapter: async ({ digest }: { digest: string }) => void dropped.push(digest) });
    await fetch(`/api/tuned-models/${model.id}/file?form=merged`);
    const listMade = () => readdir(join(workbench.configuration.cacheFolder, 'tuned'));
    expect(await listMade()).toHaveLength(1);
    const refused = await call('DELETE', `/api/tuned-models/${model.id}`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'tuned-model-in-use' } });
    await call('DELETE', `/api/flows/${flow}`);
    expect(dropped).toEqual([]);
    expect((await call('DELETE', `/api/tuned-models/${model.id}`)).status).toBe(204);
    expect((await call('GET', `/api/tuned-models/${model.id}`)).status).toBe(404);
    expect(await listMade()).toEqual([]);
    expect(dropped).toEqual([model.digest]);
  });

  it('are brought along as a ZIP file, and answer where a flow names them', async (test) => {
    const { call, fetch, draw, build, ask, host } = await open(test);
    const body = await packZip({
      'my-lora/adapter_config.json': loraConfiguration,
      'my-lora/adapter_model.safetensors': loraWeights,
    });
    const address = `/api/tuned-models?${new URLSearchParams({ name: '持ち込み', model: 'fake-chat' })}`;
    const answer = await fetch(address, { method: 'POST', body });
    expect(answer.status).toBe(201);
    const [uploaded] = (await call('GET', '/api/tuned-models')).body.items;
    expect(uploaded).toMatchObject({ name: '持ち込み', origin: 'uploaded', card: { training: null } });
    expect(await answer.json()).toEqual(uploaded);

    const document = drawTuned(questions);
    const { tune: _, data: __, ...nodes } = document.nodes;
    const chat = { ...document.nodes.chat, settings: { model: 'fake-chat', tuned: '持ち込み' } };
    const edges = [
      ...document.edges.filter(({ from, to }) => !/tune|data/.test(`${from} ${to}`)),
      { from: 'chat.model', to: 'answer.model' },
    ];
    const flow = await draw({ ...document, nodes: { ...nodes, chat }, edges });
    await build(flow);
    expect(await ask(flow, '送料は？')).toMatchObject({ state: 'succeeded' });
    expect(host.chatRequests.at(-1)?.adapter?.digest).toBe(uploaded.digest);
    expect(await call('DELETE', `/api/tuned-models/${uploaded.id}`)).toMatchObject({ status: 409 });
  });

  it('are refused where the file is no ZIP of a plain LoRA in safetensors, and nothing is kept of it', async (test) => {
    const { call, fetch } = await open(test);
    const dora = Buffer.from(JSON.stringify({ peft_type: 'LORA', r: 8, use_dora: true }));
    const files = {
      text: new Uint8Array(Buffer.from('text')),
      'no weights': await packZip({ 'adapter_config.json': loraConfiguration }),
      'a pickle, which could run code': await packZip({
        'adapter_config.json': loraConfiguration,
        'adapter_model.safetensors': Buffer.from('\x80\x04pickle'),
      }),
      DoRA: await packZip({ 'adapter_config.json': dora, 'adapter_model.safetensors': loraWeights }),
    };
    for (const [what, body] of Object.entries(files)) {
      const answer = await fetch('/api/tuned-models?name=a&model=fake-chat', { method: 'POST', body });
      expect(await answer.json(), what).toMatchObject({ status: 422, code: 'adapter-invalid' });
    }
    expect((await call('GET', '/api/tuned-models')).body.items).toEqual([]);
  });
});

const loraConfiguration = Buffer.from(JSON.stringify({ peft_type: 'LORA', r: 8, lora_alpha: 16 }));

/** A safetensors file with one tensor of LoRA, of two numbers. */
const loraWeights = (() => {
  const tensor = { dtype: 'F32', shape: [2, 1], data_offsets: [0, 8] };
  const header = Buffer.from(JSON.stringify({ 'base_model.model.layers.0.self_attn.q_proj.lora_A.weight': tensor }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(8)]);
})();

async function packZip(files: Readonly<Record<string, Buffer>>): Promise<Uint8Array<ArrayBuffer>> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(content, name);
  zip.end();
  return new Uint8Array(await buffer(zip.outputStream as Readable));
}

async function readZip(answer: Response): Promise<ReadonlyMap<string, string>> {
  const zip = await openZip(Buffer.from(await answer.arrayBuffer()), { autoClose: false });
  const files = new Map<string, string>();
  for await (const entry of zip.eachEntry())
    files.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)));
  return files;
}
