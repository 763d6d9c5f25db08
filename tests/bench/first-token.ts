import { ensureModel, modelFilePath, smolLm2 } from '@kumiki/models';
import { buildFlowDocument } from '@kumiki/testkit';
import { cacheFolder } from '@kumiki/testkit/cache-folder';
import { makeTemporaryFolder, startKumiki } from '@kumiki/testkit/kumiki-process';
import { type KumikiSession, readEvents, unwrap } from '@kumiki/testkit/kumiki-session';
import { startLlamaServer } from '@kumiki/testkit/model-servers';
import { z } from 'zod';
import { type Bench, type BenchRow, median } from './bench.ts';
import { startScript } from './child-script.ts';
import { type PublishedFlow, publishFlow } from './publish-flow.ts';

const rounds = 41;
const tokens = 64;
const model = 'smollm2';
const output = 'answer';
const system = 'You are a careful assistant.';
const question = 'Explain in detail how a wooden house is joined without nails.';
const longestAdded = 5;
const lowestSpeed = 0.98;
/** Of the host that takes no processor: about as fast as the real one on this machine. */
const pacedHost = { milliseconds: 20, words: tokens, pace: 10 };

/** How an answer came: until its first text, and how fast the rest. */
type Timing = { readonly firstMilliseconds: number; readonly tokensPerSecond: number; readonly text: string };

type ChatHost = { readonly name: string; readonly address: string; readonly model: string };

/**
 * What an endpoint adds between a model host and its caller: the same answer through both, again and again in turn; then
 * the same for a proxy that does nothing but hand on. Once with a model that shares this machine, and once with one that works elsewhere, as on a server with a graphics card.
 * What the proxy adds is what one process more costs on this machine, whatever it does.
 */
export const firstTokenBench: Bench = {
  name: 'first-token',
  async run(log) {
    const { folder, remove } = await makeTemporaryFolder();
    const models = cacheFolder('models');
    await ensureModel(smolLm2, { folder: models });
    const server = await startKumiki({ dataFolder: folder });
    try {
      const session = await server.signIn();
      const llama = await startLlamaServer({ model: modelFilePath(smolLm2, models), name: model });
      const rows: BenchRow[] = [];
      try {
        const host = { name: 'llama-server', address: llama.address, model };
        rows.push(...makeRows('', await measureHost(session, host, log)));
      } finally {
        await llama.stop();
      }
      const paced = await startScript('slow-model.ts', pacedHost, z.object({ address: z.string() }));
      try {
        const host = { name: 'paced', address: paced.told.address, model: 'slow' };
        rows.push(...makeRows(', a host elsewhere', await measureHost(session, host, log)));
      } finally {
        await paced.stop();
      }
      return rows;
    } finally {
      await server.stop();
      await remove();
    }
  },
};

/** Answers of one way and of the host alone, asked in turn. */
type Pair = { readonly ours: readonly Timing[]; readonly host: readonly Timing[] };
type Timings = { readonly kumiki: Pair; readonly proxy: Pair };

async function measureHost(session: KumikiSession, host: ChatHost, log: (line: string) => void): Promise<Timings> {
  const flow = await publishChat(session, host);
  const proxy = await startScript('bare-proxy.ts', { address: host.address }, z.object({ address: z.string() }));
  try {
    // One after the other: with all three in turn, each is asked less often, and what is not asked grows cold.
    const kumiki = await measurePair(host, () => askEndpoint(flow));
    const bare = await measurePair(host, () => askHost({ ...host, address: proxy.told.address }));
    checkSameAnswers([kumiki, bare].flatMap((pair) => [...pair.ours, ...pair.host]));
    log(`${host.name}: ${kumiki.host.length} answers each`);
    return { kumiki, proxy: bare };
  } finally {
    await proxy.stop();
  }
}

async function measurePair(host: ChatHost, ask: () => Promise<Timing>): Promise<Pair> {
  const timings: Record<'ours' | 'host', Timing[]> = { ours: [], host: [] };
  for (let round = 0; round < rounds; round += 1) {
    // Whoever comes second finds the host no warmer: both send the same prompt, and take turns at being first.
    const order = round % 2 === 0 ? (['ours', 'host'] as const) : (['host', 'ours'] as const);
    for (const side of order) {
      const timing = side === 'ours' ? await ask() : await askHost(host);
      // The first rounds read the prompt and warm the code.
      if (round >= 3) timings[side].push(timing);
    }
  }
  return timings;
}

function makeRows(where: string, { kumiki, proxy }: Timings): readonly BenchRow[] {
  const first = (timings: readonly Timing[]) => median(timings.map((timing) => timing.firstMilliseconds));
  const speed = (timings: readonly Timing[]) => median(timings.map((timing) => timing.tokensPerSecond));
  // Pair by pair, since both of a pair met the same neighbours on the machine.
  const compare = ({ ours, host }: Pair, by: (one: Timing, host: Timing) => number) =>
    median(ours.flatMap((one, place) => (host[place] === undefined ? [] : [by(one, host[place])])));
  const compareFirst = (pair: Pair) => compare(pair, (one, other) => one.firstMilliseconds - other.firstMilliseconds);
  const added = compareFirst(kumiki);
  const ratio = compare(kumiki, (one, other) => one.tokensPerSecond / other.tokensPerSecond);
  return [
    {
      figure: `time to first token, added${where}`,
      value: added,
      unit: 'ms',
      yardstick: { name: 'the host alone', value: first(kumiki.host) },
      ratio: first(kumiki.ours) / first(kumiki.host),
      target: `<= ${longestAdded} ms`,
      met: added <= longestAdded,
    },
    {
      figure: `the same, added by a bare proxy${where}`,
      value: compareFirst(proxy),
      unit: 'ms',
      yardstick: { name: 'the host alone', value: first(proxy.host) },
      ratio: first(proxy.ours) / first(proxy.host),
      target: 'none',
      met: true,
    },
    {
      figure: `tokens per second${where}`,
      value: speed(kumiki.ours),
      unit: '/s',
      yardstick: { name: 'the host alone', value: speed(kumiki.host) },
      ratio,
      target: `ratio >= ${lowestSpeed}`,
      met: ratio >= lowestSpeed,
    },
  ];
}

async function publishChat(session: KumikiSession, { name, address, model }: ChatHost): Promise<PublishedFlow> {
  await unwrap(session.client.POST('/api/model-hosts', { body: { kind: 'openai-compatible', name, address } }));
  const document = buildFlowDocument('Chat')
    .node('question', 'input', { name: 'question' })
    .node('prompt', 'prompt/template', { system, template: '{{question}}' })
    .node('chat', 'model/chat', { host: name, model })
    .node('llm', 'generate/llm', { temperature: 0, maximumTokens: tokens, contextLength: 2048 })
    .node('answer', 'output', { name: output })
    .wire('question.value', 'prompt.question')
    .wire('prompt.prompt', 'llm.prompt')
    .wire('chat.model', 'llm.model')
    .wire('llm.answer', 'answer.value')
    .build();
  return publishFlow(session, document, { slug: name, output });
}

async function askEndpoint({ url, key }: PublishedFlow): Promise<Timing> {
  return timeStream(
    () =>
      fetch(url, {
        method: 'POST',
        headers: {
          accept: 'text/event-stream',
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ inputs: { question } }),
      }),
    ({ event, data }) => (event === 'delta' ? JSON.parse(data).text : null),
  );
}

async function askHost({ address, model }: ChatHost): Promise<Timing> {
  const messages = [
    { role: 'system', content: system },
    { role: 'user', content: question },
  ];
  const body = { model, messages, temperature: 0, max_tokens: tokens, stream: true };
  return timeStream(
    () =>
      fetch(`${address}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    ({ data }) => (data === '[DONE]' ? null : JSON.parse(data).choices[0]?.delta?.content),
  );
}

/** From sending to the first text, and how many tokens a second came after it. Deltas are counted by the host's own. */
async function timeStream(
  send: () => Promise<Response>,
  readDelta: (event: { event: string | undefined; data: string }) => unknown,
): Promise<Timing> {
  const began = performance.now();
  let text = '';
  let first: number | null = null;
  let last = began;
  for await (const event of readEvents(await send())) {
    const delta = readDelta(event);
    if (typeof delta !== 'string' || delta === '') continue;
    last = performance.now();
    first ??= last;
    text += delta;
  }
  if (first === null) throw new Error('The answer has no text.');
  return { firstMilliseconds: first - began, tokensPerSecond: ((tokens - 1) / (last - first)) * 1000, text };
}

/** Different texts would take different times. Answers are as long as they may be, so all have the same tokens. */
function checkSameAnswers(timings: readonly Timing[]): void {
  const texts = new Set(timings.map(({ text }) => text));
  if (texts.size !== 1) throw new Error(`The answers differ:\n${[...texts].join('\n---\n')}`);
}
