import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ChatEvent, ChatRequest, ModelHost } from '@kumiki/node-sdk';
import { cacheFolder } from '@kumiki/testkit/cache-folder';
import { startLlamaServer } from '@kumiki/testkit/model-servers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { multilingualE5Small, qwen25Coder, smolLm2 } from '../catalogue/catalogue.ts';
import { ensureModel } from '../catalogue/ensure-model.ts';
import { createOpenAiCompatibleHost } from '../openai-compatible-host.ts';
import { createEmbeddedHost } from './embedded-host.ts';
import { ensureLlamaRuntime } from './ensure-llama-runtime.ts';

const modelsFolder = cacheFolder('models');
const signal = new AbortController().signal;
const runtimeFolder = () => ensureLlamaRuntime({ cacheFolder: cacheFolder() });

describe('the embedded host', () => {
  let host: ModelHost;
  beforeAll(async () => {
    for (const entry of [multilingualE5Small, smolLm2, qwen25Coder]) await ensureModel(entry, { folder: modelsFolder });
    host = createEmbeddedHost({ runtimeFolder, modelsFolder, chatThreads: 1, embeddingLanes: 2 });
  });
  afterAll(() => host?.close());

  // Questions whose answers are clear to the model: between words that are nearly as likely, the rounding of another
  // processor's kernels may choose.
  it.each([
    { ...smolLm2, questions: ['What is the capital of Japan?', 'Repeat after me: one two three four five.'] },
    { ...qwen25Coder, questions: ['What is the capital of France?', '日本の首都はどこですか。'] },
  ])('writes the very answer of llama-server: $name', async ({ name, questions }) => {
    const model = path.join(modelsFolder, `${name}.gguf`);
    const server = await startLlamaServer({ model, name });
    onTestFinished(() => server.stop());
    const other = createOpenAiCompatibleHost({ address: server.address });
    onTestFinished(() => other.close());
    for (const question of questions) {
      const request = ask(question, { model: name, maximumTokens: 24 });
      const [here, there] = [await collect(host.chat(request, signal)), await collect(other.chat(request, signal))];
      expect(joinText(here)).toBe(joinText(there));
      expect(here.at(-1)).toEqual(there.at(-1));
    }
  });

  it('gives the same answer whatever was asked before', async () => {
    const shared = 'The lighthouse stood on the cliff above the village. '.repeat(40);
    const first = ask(`${shared}Who lived there?`, { maximumTokens: 24 });
    const second = ask(`${shared}${shared}What colour was it?`, { maximumTokens: 24 });
    const before = joinText(await collect(host.chat(first, signal)));
    await collect(host.chat(second, signal));
    expect(joinText(await collect(host.chat(first, signal)))).toBe(before);
  });

  it('writes two answers at the same time', async () => {
    const order: string[] = [];
    const follow = async (name: string): Promise<void> => {
      for await (const { type } of host.chat(ask('Tell me a story.', { maximumTokens: 40 }), signal)) {
        order.push(`${name} ${type}`);
      }
    };
    await Promise.all([follow('one'), follow('two')]);
    const bothBegan = Math.max(order.indexOf('one delta'), order.indexOf('two delta'));
    const oneEnded = Math.min(order.indexOf('one end'), order.indexOf('two end'));
    expect(bothBegan).toBeLessThan(oneEnded);
  });

  it('answers more at once than it can write at the same time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => collect(host.chat(ask('Hi.', { maximumTokens: 4 }), signal))),
    );
    for (const events of answers) expect(events.at(-1)).toMatchObject({ type: 'end' });
  });

  it('stops reading a long prompt when the call is aborted', async () => {
    const prompt = (count: number) => ask('word '.repeat(count), { maximumTokens: 1, contextLength: 8192 });
    const wholeStart = performance.now();
    await collect(host.chat(prompt(3000), signal));
    const whole = performance.now() - wholeStart;

    const controllers = [new AbortController(), new AbortController()];
    const reading = controllers.map((controller) => collect(host.chat(prompt(7000), controller.signal)));
    const aborted = reading.map((events) => expect(events).rejects.toThrow('enough'));
    for (const controller of controllers) controller.abort(new Error('enough'));
    await Promise.all(aborted);
    const nextStart = performance.now();
    await collect(host.chat(prompt(1), signal));
    expect(performance.now() - nextStart).toBeLessThan(whole);
  });

  it('writes Japanese without breaking a character', async () => {
    const events = await collect(
      host.chat(
        ask('俳句を一つ詠んでください。😀を使ってください。', { model: qwen25Coder.name, maximumTokens: 48 }),
        signal,
      ),
    );
    expect(joinText(events)).not.toBe('');
    expect(joinText(events)).not.toContain('\ufffd');
  });

  it('works again after its contexts were freed', async () => {
    const restless = createEmbeddedHost({ runtimeFolder, modelsFolder, embeddingLanes: 1, idleMilliseconds: 0 });
    onTestFinished(() => restless.close());
    for (let round = 0; round < 10; round += 1) {
      const texts = [`passage: ${round}`];
      const { vectors } = await restless.embed({ model: multilingualE5Small.name, texts }, signal);
      expect(vectors).toHaveLength(1);
    }
  });

  it('unloads a model that nobody has called for long, and loads it again for the next', async () => {
    const others = listWorkers(multilingualE5Small.name).length;
    const restless = createEmbeddedHost({ runtimeFolder, modelsFolder, embeddingLanes: 1, unloadMilliseconds: 0 });
    onTestFinished(() => restless.close());
    for (let round = 0; round < 2; round += 1) {
      expect(await restless.countTokens(multilingualE5Small.name, ['a'], signal)).toEqual([1]);
      await vi.waitUntil(() => listWorkers(multilingualE5Small.name).length === others, { timeout: 10_000 });
    }
  });

  it('says that it is down to those whose process died, and starts it again for the next', async () => {
    const texts = Array.from({ length: 200 }, (_, index) => `passage: ${index} ${'木を組む。'.repeat(30)}`);
    const embedding = host.embed({ model: multilingualE5Small.name, texts }, signal);
    const failing = expect(embedding).rejects.toMatchObject({ code: 'model-host-down', retryable: true });
    await host.countTokens(multilingualE5Small.name, ['a'], signal);
    killWorker(multilingualE5Small.name);
    await failing;
    const again = await host.embed({ model: multilingualE5Small.name, texts: texts.slice(0, 1) }, signal);
    expect(again.vectors).toHaveLength(1);
  });

  it('says that a model file is broken, and goes on with others', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'kumiki-broken-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = await open(path.join(folder, `${smolLm2.name}.gguf`), 'w');
    await file.write('GGUF and then nothing of the kind');
    await file.close();
    const broken = createEmbeddedHost({ runtimeFolder, modelsFolder: folder });
    onTestFinished(() => broken.close());
    for (let round = 0; round < 2; round += 1) {
      const events = collect(broken.chat(ask('Hi.'), signal));
      await expect(events).rejects.toMatchObject({ code: 'model-host-failed' });
    }
    await expect(broken.inspect(multilingualE5Small.name, signal)).rejects.toMatchObject({ code: 'model-unknown' });
  });

  it('leaves no process behind when it is closed', async () => {
    const own = createEmbeddedHost({ runtimeFolder, modelsFolder, catalogue: [{ ...smolLm2 }] });
    await collect(own.chat(ask('Hi.', { maximumTokens: 1 }), signal));
    const before = listWorkers(smolLm2.name).length;
    await own.close();
    expect(listWorkers(smolLm2.name)).toHaveLength(before - 1);
    await expect(collect(own.chat(ask('Hi.'), signal))).rejects.toMatchObject({ code: 'model-host-down' });
  });
});

function ask(content: string, more: Partial<ChatRequest> = {}): ChatRequest {
  return { model: smolLm2.name, messages: [{ role: 'user', content }], temperature: 0, maximumTokens: 16, ...more };
}

async function collect(events: AsyncIterable<ChatEvent>): Promise<readonly ChatEvent[]> {
  const collected: ChatEvent[] = [];
  for await (const event of events) collected.push(event);
  return collected;
}

function joinText(events: readonly ChatEvent[]): string {
  return events.map((event) => (event.type === 'delta' ? event.text : '')).join('');
}

function listWorkers(model: string): readonly number[] {
  const lines = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [pid, parent, ...command] = line.trim().split(/\s+/);
    return Number(parent) === process.pid && command.join(' ').includes(model) ? [Number(pid)] : [];
  });
}

function killWorker(model: string): void {
  for (const pid of listWorkers(model)) process.kill(pid, 'SIGKILL');
}
