import { buildFlowDocument } from '@kumiki/testkit';
import { makeTemporaryFolder, startKumiki } from '@kumiki/testkit/kumiki-process';
import { type KumikiSession, unwrap } from '@kumiki/testkit/kumiki-session';
import { z } from 'zod';
import { type Bench, type BenchRow, median } from './bench.ts';
import { startScript } from './child-script.ts';
import { type PublishedFlow, publishFlow } from './publish-flow.ts';

const moreNodes = 100;
const rounds = 400;
const warmRounds = 100;
const branches = 8;
const branchMilliseconds = 200;
const branchRounds = 15;
const highestNodeCost = 0.05;
const highestBranches = 230;

/** What the scheduler adds to a question: for every node more, and to branches that could go at the same time. */
export const schedulerBench: Bench = {
  name: 'scheduler',
  async run(log) {
    const { folder, remove } = await makeTemporaryFolder();
    const model = await startScript(
      'slow-model.ts',
      { milliseconds: branchMilliseconds },
      z.object({ address: z.string() }),
    );
    const server = await startKumiki({ dataFolder: folder });
    try {
      const session = await server.signIn();
      return [await measureNodes(session, log), await measureBranches(session, model.told.address, log)];
    } finally {
      await server.stop();
      await model.stop();
      await remove();
    }
  },
};

/** The same question through no and through many nodes that hand it on, in turn. */
async function measureNodes(session: KumikiSession, log: (line: string) => void): Promise<BenchRow> {
  const few = await publishFlow(session, drawChain(0), { slug: 'few', output: 'answer' });
  const many = await publishFlow(session, drawChain(moreNodes), { slug: 'many', output: 'answer' });
  const times: Record<'few' | 'many', number[]> = { few: [], many: [] };
  for (let round = 0; round < warmRounds + rounds; round += 1) {
    const pair = { few: await time(few), many: await time(many) };
    if (round < warmRounds) continue;
    times.few.push(pair.few);
    times.many.push(pair.many);
  }
  const cost = (median(times.many) - median(times.few)) / moreNodes;
  log(`${median(times.few).toFixed(2)} ms without, ${median(times.many).toFixed(2)} ms with ${moreNodes} more nodes`);
  return {
    figure: 'one more pass-through node in a request',
    value: cost,
    unit: 'ms',
    yardstick: { name: `the request without the ${moreNodes} nodes`, value: median(times.few) },
    ratio: null,
    target: `<= ${highestNodeCost} ms`,
    met: cost <= highestNodeCost,
  };
}

function drawChain(nodes: number) {
  let flow = buildFlowDocument(`A chain of ${nodes}`)
    .node('question', 'input', { name: 'text' })
    .node('answer', 'output', { name: 'answer' });
  let last = 'question.value';
  for (let place = 0; place < nodes; place += 1) {
    flow = flow.node(`pass-${place}`, 'logic/first').wire(last, `pass-${place}.first`);
    last = `pass-${place}.value`;
  }
  return flow.wire(last, 'answer.value').build();
}

/** Milliseconds until the answer is there. */
async function time({ url, key }: PublishedFlow): Promise<number> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const began = performance.now();
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ inputs: { text: '組木' } }) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return performance.now() - began;
}

async function measureBranches(
  session: KumikiSession,
  address: string,
  log: (line: string) => void,
): Promise<BenchRow> {
  const host = { kind: 'openai-compatible', name: 'slow', address: `${address}/v1` } as const;
  await unwrap(session.client.POST('/api/model-hosts', { body: host }));
  const flow = await publishFlow(session, drawBranches(), { slug: 'branches', output: 'answer' });
  const times: number[] = [];
  for (let round = 0; round < branchRounds + 3; round += 1) {
    const milliseconds = await time(flow);
    if (round >= 3) times.push(milliseconds);
  }
  const value = median(times);
  log(`${branches} branches of ${branchMilliseconds} ms each: ${value.toFixed(1)} ms`);
  return {
    figure: `${branches} parallel branches that each wait ${branchMilliseconds} ms`,
    value,
    unit: 'ms',
    yardstick: { name: 'one of them', value: branchMilliseconds },
    ratio: value / branchMilliseconds,
    target: `<= ${highestBranches} ms`,
    met: value <= highestBranches,
  };
}

function drawBranches() {
  const names = Array.from({ length: branches }, (_, place) => `branch${place}`);
  let flow = buildFlowDocument('Branches')
    .node('question', 'input', { name: 'text' })
    .node('chat', 'model/chat', { host: 'slow', model: 'slow' })
    .node('ask', 'prompt/template', { template: '{{question}}' })
    .node('join', 'prompt/template', { template: names.map((name) => `{{${name}}}`).join(' ') })
    .node('answer', 'output', { name: 'answer' })
    .wire('question.value', 'ask.question');
  for (const name of names) {
    flow = flow
      .node(name, 'generate/llm')
      .wire('ask.prompt', `${name}.prompt`)
      .wire('chat.model', `${name}.model`)
      .wire(`${name}.answer`, `join.${name}`);
  }
  return flow.wire('join.prompt', 'answer.value').build();
}
