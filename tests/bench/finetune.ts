import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FlowDocument, parseFlow } from '@kumiki/flow';
import { buildFlowDocument } from '@kumiki/testkit';
import { makeTemporaryFolder, startKumiki } from '@kumiki/testkit/kumiki-process';
import {
  askFlow,
  createFlow,
  type KumikiSession,
  type RunEvent,
  readAnswer,
  readEvents,
  unwrap,
} from '@kumiki/testkit/kumiki-session';
import { readTaughtQuestions } from '../taught-questions.ts';
import { type Bench, type BenchRow, quantile } from './bench.ts';
import { compareWithBare } from './finetune-yardstick.ts';

const example = fileURLToPath(new URL('../../examples/tuned-support', import.meta.url));
const heldConversations = fileURLToPath(new URL('../../../shared/data/asdc', import.meta.url));
const base = 'qwen2.5-coder-0.5b-instruct';
/** Of the 210: enough steps to see the loss fall, in some minutes. */
const takenConversations = 60;
const longestDelay = 500;
const highestEstimate = 1.3;

type Report = NonNullable<Extract<RunEvent, { type: 'node-progress' }>['training']>;
type Training = {
  readonly reports: readonly Report[];
  /** From a measurement in the trainer to its event here, in milliseconds. */
  readonly delays: readonly number[];
};

/**
 * Fine-tuning: what the trainer costs over a bare script; the example, from its chats to the questions that it was taught
 * to answer; conversations that were really held, some of them kept aside. Estimates stand beside what it took.
 */
export const finetuneBench: Bench = {
  name: 'finetune',
  async run(log) {
    const bare = await compareWithBare(log);
    const { folder, remove } = await makeTemporaryFolder();
    const conversations = path.join(folder, 'conversations');
    await takeConversations(conversations);
    const environment = { KUMIKI_FOLDERS: [conversations, path.join(example, 'conversations')].join(path.delimiter) };
    const server = await startKumiki({ dataFolder: path.join(folder, 'data'), environment });
    try {
      const session = await server.signIn();
      return [...bare, ...(await tuneExample(session, log)), ...(await tuneHeld(session, conversations, log))];
    } finally {
      await server.stop();
      await remove();
    }
  },
};

async function tuneExample(session: KumikiSession, log: (line: string) => void): Promise<readonly BenchRow[]> {
  const flow = await createFlow(session, await readExample());
  const training = await buildAndFollow(session, flow.id, log);
  const known = { base: 0, tuned: 0, paraphrased: 0 };
  const questions = await readTaughtQuestions();
  for (const { kind, question, contains } of questions) {
    const run = await askFlow(session, flow.id, { inputs: { question } });
    const says = (arm: string) => String(readAnswer(run, arm).value).includes(contains);
    if (kind === 'paraphrased') known.paraphrased += says('tuned') ? 1 : 0;
    else {
      known.base += says('base') ? 1 : 0;
      known.tuned += says('tuned') ? 1 : 0;
    }
  }
  const taught = questions.filter(({ kind }) => kind === 'taught').length;
  const converted = await convert(session);
  return [
    ...compareEstimate('tuned-support', training, await readCard(session)),
    countRow('taught facts that the tuned model knows', known.tuned, `${taught} of ${taught}`, known.tuned === taught),
    countRow('of these, that the base knows', known.base, '0', known.base === 0),
    countRow('the same asked in other words', known.paraphrased, 'none', true),
    {
      figure: 'events of the training until they are read, p95',
      value: quantile(training.delays, 0.95),
      unit: 'ms',
      yardstick: null,
      ratio: null,
      target: `<= ${longestDelay} ms`,
      met: quantile(training.delays, 0.95) <= longestDelay,
    },
    { figure: 'adapter as GGUF', value: converted, unit: 's', yardstick: null, ratio: null, target: 'none', met: true },
  ];
}

/** The loss over conversations that were kept aside, before the first step and of the checkpoint that was kept. */
async function tuneHeld(
  session: KumikiSession,
  folder: string,
  log: (line: string) => void,
): Promise<readonly BenchRow[]> {
  const document = buildFlowDocument('会話')
    .node('load', 'load/conversations', { folder })
    .node('data', 'dataset/from-conversations', { assistant: 'operator*', maximumTokens: 384, evaluationShare: 0.2 })
    .node('base', 'model/chat', { host: 'embedded', model: base })
    .node('tune', 'finetune/lora', { batchSize: 4, epochs: 1, learningRate: 3e-4, maximumLength: 512 })
    .wire('load.conversations', 'data.conversations')
    .wire('data.dataset', 'tune.dataset')
    .wire('base.model', 'tune.model')
    .build();
  const flow = await createFlow(session, document);
  const training = await buildAndFollow(session, flow.id, log);
  const card = await readCard(session);
  const { before, best } = card.evaluationLoss ?? { before: 0, best: 0 };
  return [
    ...compareEstimate('held conversations', training, card),
    {
      figure: 'loss on conversations kept aside, after one epoch',
      value: best,
      unit: 'nats/token',
      yardstick: { name: 'before', value: before },
      ratio: best / before,
      target: 'ratio < 1',
      met: best < before,
    },
  ];
}

function countRow(figure: string, value: number, target: string, met: boolean): BenchRow {
  return { figure, value, unit: '', yardstick: null, ratio: null, target, met };
}

type Card = Awaited<ReturnType<typeof readCard>>;

function compareEstimate(name: string, { reports }: Training, card: Card): readonly BenchRow[] {
  const estimate = reports.find((report) => report.type === 'estimate');
  if (estimate === undefined) throw new Error('Nothing was estimated.');
  const memory = estimate.memory.needed / (card.peakMemory ?? Number.NaN);
  const time = estimate.seconds / card.seconds;
  return [
    {
      figure: `estimate of memory, ${name}`,
      value: estimate.memory.needed / 1e6,
      unit: 'MB',
      yardstick: { name: 'measured', value: (card.peakMemory ?? Number.NaN) / 1e6 },
      ratio: memory,
      target: `1 to ${highestEstimate}`,
      met: memory >= 1 && memory <= highestEstimate,
    },
    {
      figure: `estimate of time, ${name}`,
      value: estimate.seconds,
      unit: 's',
      yardstick: { name: 'measured', value: card.seconds },
      ratio: time,
      target: 'within 30%',
      met: Math.abs(time - 1) <= 0.3,
    },
  ];
}

async function buildAndFollow(session: KumikiSession, flow: string, log: (line: string) => void): Promise<Training> {
  const path = { id: flow };
  const { run } = await unwrap(session.client.POST('/api/flows/{id}/builds', { params: { path }, body: {} }));
  const reports: Report[] = [];
  const delays: number[] = [];
  for await (const { data } of readEvents(await session.request(`/api/runs/${run}/events`))) {
    const event: RunEvent = JSON.parse(data);
    if (event.type === 'run-end') {
      if (event.state !== 'succeeded') throw new Error(`The build ended: ${JSON.stringify(event)}`);
      return { reports, delays };
    }
    if (event.type !== 'node-progress' || event.training === undefined) continue;
    reports.push(event.training);
    if (event.training.type === 'state') log(`${event.node}: ${event.training.state}`);
    if (event.training.type !== 'points') continue;
    for (const { at, step, loss, evaluationLoss } of event.training.points) {
      if (at !== undefined) delays.push(Date.now() - at);
      if (evaluationLoss !== undefined) log(`step ${step}: evaluation loss ${evaluationLoss.toFixed(3)}`);
      else if (loss !== undefined && step % 10 === 0) log(`step ${step}: loss ${loss.toFixed(3)}`);
    }
  }
  throw new Error('The events ended without run-end.');
}

/** What the newest training says of itself. */
async function readCard(session: KumikiSession) {
  const { items } = await unwrap(session.client.GET('/api/tuned-models', { params: { query: { limit: 1 } } }));
  const training = items[0]?.card.training;
  if (training == null) throw new Error('No tuned model was kept.');
  return training;
}

/** Seconds until the newest adapter has been converted and downloaded. */
async function convert(session: KumikiSession): Promise<number> {
  const { items } = await unwrap(session.client.GET('/api/tuned-models', { params: { query: { limit: 1 } } }));
  const began = performance.now();
  const answer = await session.request(`/api/tuned-models/${items[0]?.id}/file?form=lora`);
  const { byteLength } = await answer.arrayBuffer();
  if (!answer.ok || byteLength === 0) throw new Error(`The adapter was not converted: ${answer.status}`);
  return (performance.now() - began) / 1_000;
}

async function readExample(): Promise<FlowDocument> {
  const { document } = parseFlow(await readFile(path.join(example, 'flow.json'), 'utf8'));
  const load = document?.nodes.load;
  if (document === null || load === undefined) throw new Error('The example is not a flow that loads.');
  const settings = { folder: path.join(example, 'conversations') };
  return { ...document, nodes: { ...document.nodes, load: { ...load, settings } } };
}

async function takeConversations(folder: string): Promise<void> {
  const names = (await readdir(heldConversations)).filter((name) => name.endsWith('.json')).toSorted();
  await mkdir(folder);
  for (const name of names.slice(0, takenConversations)) {
    await copyFile(path.join(heldConversations, name), path.join(folder, name));
  }
}
