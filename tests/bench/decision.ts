import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Schemas } from '@kumiki/client';
import { type FlowDocument, parseFlow } from '@kumiki/flow';
import { startKumiki } from '@kumiki/testkit/kumiki-process';
import {
  createFlow,
  type KumikiSession,
  putFiles,
  type RunEvent,
  readEvents,
  unwrap,
} from '@kumiki/testkit/kumiki-session';
import { writeChat } from '@kumiki/testkit/write-chat';
import type { Bench, BenchRow } from './bench.ts';
import { chooseMaterial, newFacts } from './decision-material.ts';
import { printFiveRows, type Report, readReport } from './decision-report.ts';
import { saveReportPages } from './save-report-pages.ts';

type Experiment = Schemas['Experiment'];

const longestMinutes = 90;
const arms = ['base', 'RAG', 'tuned', 'tuned-RAG'] as const;
const names = {
  documents: '文章',
  conversations: '会話',
  flow: 'JaQuAD で比べる',
  questions: 'JaQuAD 180 問',
} as const;
const example = new URL('../../examples/rag-or-tuning/flow.json', import.meta.url);
/** Kept while the bench is not through, so that it goes on where it was ended. */
const folder = fileURLToPath(new URL('../../bench-results/decision/', import.meta.url));
const pages = fileURLToPath(new URL('../../docs/reports/', import.meta.url));

/**
 * The four arms of examples/rag-or-tuning over JaQuAD, from the passages to the decision report: 60 questions on passages
 * that other questions were trained on, 120 on others, and five facts that are added afterwards. No judge is asked.
 * Ended before its end, it goes on there when it is started again.
 */
export const decisionBench: Bench = {
  name: 'decision',
  async run(log) {
    await mkdir(folder, { recursive: true });
    const dataFolder = path.join(folder, 'data');
    const watch = await openStopwatch();
    const report = await measure(dataFolder, log).finally(watch.stop);
    printFiveRows(report);
    await saveReportPages({ dataFolder, experiment: report.experiment.id, folder: pages, name: 'jaquad' });
    await rm(folder, { recursive: true });
    return describe(report, watch.minutes());
  },
};

async function measure(dataFolder: string, log: (line: string) => void): Promise<Report> {
  const server = await startKumiki({ dataFolder });
  try {
    const session = await server.signIn();
    const material = await putMaterial(session, log);
    const flow = await findFlow(session, material);
    const build = await findBuild(session, flow, log);
    const { id } = await findExperiment(session, { flow, ...build, material }, log);
    await saveForm(session, id);
    return await readReport(session, id);
  } finally {
    await server.stop();
  }
}

/** The time that was worked, over all starts: a process that is killed loses ten seconds of it. */
async function openStopwatch() {
  const file = path.join(folder, 'milliseconds');
  const before = Number(await readFile(file, 'utf8').catch(() => '0'));
  const began = performance.now();
  const read = () => before + performance.now() - began;
  const timer = setInterval(() => void writeFile(file, String(Math.round(read()))), 10_000);
  let ended = 0;
  const stop = () => {
    clearInterval(timer);
    ended = read();
  };
  return { minutes: () => ended / 60_000, stop };
}

type Collections = { readonly documents: string; readonly conversations: string };
type Questions = Awaited<ReturnType<typeof chooseMaterial>>['questions'];
type Material = Collections & { readonly questionSet: string };

async function putMaterial(session: KumikiSession, log: (line: string) => void): Promise<Material> {
  const { documents, conversations, questions } = await chooseMaterial();
  const put = async (name: string, files: Readonly<Record<string, string>>) => {
    const { items } = await unwrap(session.client.GET('/api/collections', { params: { query: { limit: 100 } } }));
    const found = items.find((collection) => collection.name === name);
    const { id } = found ?? (await unwrap(session.client.POST('/api/collections', { body: { name } })));
    if (found?.files !== Object.keys(files).length) await putFiles(session, id, files);
    log(`${name}: ${Object.keys(files).length} files`);
    return id;
  };
  return {
    documents: await put(names.documents, documents),
    conversations: await put(names.conversations, conversations),
    questionSet: await putQuestions(session, questions),
  };
}

async function putQuestions(session: KumikiSession, questions: Questions): Promise<string> {
  const { items } = await unwrap(session.client.GET('/api/question-sets', { params: { query: {} } }));
  const found = items.find(({ name }) => name === names.questions);
  if (found !== undefined) return found.id;
  const source = { kind: 'rows' as const, rows: [...questions] };
  return (await unwrap(session.client.POST('/api/question-sets', { body: { name: names.questions, source } }))).id;
}

const task =
  '質問に、文ではなく、できるだけ短い語句で答えてください。分からないときは、「分かりません」と答えてください。';

/** The example's drawing over these collections, with half of its passages: two cores read some hundred tokens a second. */
async function drawFlow({ documents, conversations }: Collections): Promise<FlowDocument> {
  const { document } = parseFlow(await readFile(example, 'utf8'));
  if (document === null) throw new Error('The example is not a flow.');
  const answer = { contextLength: 2_048, maximumTokens: 48, temperature: 0 };
  const training = { alpha: 32, batchSize: 8, learningRate: 6e-4, patience: 0 };
  const changed: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {
    documents: { collection: documents },
    conversations: { collection: conversations },
    data: { unit: 'answer', duplicates: 'exact', maximumTokens: 256, evaluationShare: 0 },
    dataWithPassages: { passages: 2 },
    search: { limit: 2 },
    prompt: { system: task, template: '{{question}}' },
    promptWithPassages: {
      system: `${task}抜粋に書かれていることをもとにしてください。`,
      template: '抜粋：\n{{passages}}\n\n質問：{{question}}',
    },
    tune: { ...training, epochs: 4, maximumLength: 256 },
    tuneWithPassages: { ...training, epochs: 1, maximumLength: 1_024 },
    ...Object.fromEntries(['Base', 'Rag', 'Tuned', 'TunedRag'].map((arm) => [`answer${arm}`, answer])),
  };
  const nodes = Object.entries(document.nodes).map(([id, node]) => {
    const settings = changed[id];
    return [id, settings === undefined ? node : { ...node, settings }] as const;
  });
  return { ...document, name: names.flow, nodes: Object.fromEntries(nodes) };
}

async function findFlow(session: KumikiSession, collections: Collections): Promise<string> {
  const { items } = await unwrap(session.client.GET('/api/flows', { params: { query: {} } }));
  const found = items.find(({ name }) => name === names.flow);
  return (found ?? (await createFlow(session, await drawFlow(collections)))).id;
}

async function findBuild(session: KumikiSession, flow: string, log: (line: string) => void) {
  const path = { id: flow };
  const read = () => unwrap(session.client.GET('/api/flows/{id}', { params: { path } }));
  const built = await read();
  if (built.latestBuild === null) {
    const { items } = await unwrap(session.client.GET('/api/runs', { params: { query: { flow, kind: 'build' } } }));
    const underWay = items.find(({ state }) => state === 'running' || state === 'queued')?.id;
    const run =
      underWay ?? (await unwrap(session.client.POST('/api/flows/{id}/builds', { params: { path }, body: {} }))).run;
    await follow(session, run, log);
  }
  const { latestVersion, latestBuild } = await read();
  if (latestVersion === null || latestBuild === null) throw new Error('The flow was not built.');
  return { version: latestVersion, build: latestBuild };
}

async function findExperiment(
  session: KumikiSession,
  of: { readonly flow: string; readonly version: number; readonly build: number; readonly material: Material },
  log: (line: string) => void,
): Promise<Experiment> {
  const { flow, version, build, material } = of;
  const { items } = await unwrap(session.client.GET('/api/experiments', { params: { query: {} } }));
  const experiment = items[0] ?? (await create());
  await follow(session, experiment.run, log);
  return experiment;

  async function create() {
    const text = newFacts.map(({ told, answer }) => writeChat(told, answer)).join('');
    const body = {
      ...{ name: 'JaQuAD: 検索か、学習か', questionSet: material.questionSet },
      ...{ input: 'question', seed: 2_026, retrievedPassages: 2 },
      arms: arms.map((output) => ({ flow, version, build, output })),
      ...{ baseline: 0, repetitions: 1, includeTrained: false, primary: null, judge: null },
      embedding: { host: 'embedded', model: 'multilingual-e5-small' },
      probe: {
        ...{ collection: material.conversations, retrain: true },
        documents: [{ name: '新しい事実.jsonl', text }],
        questions: newFacts.map(({ asked: question, answer: reference }) => ({ question, reference })),
      },
    };
    return unwrap(session.client.POST('/api/experiments', { body }));
  }
}

/** Reads a run to its end, and logs what takes long. Throws where it did not succeed. */
async function follow(session: KumikiSession, run: string, log: (line: string) => void): Promise<void> {
  let logged = 0;
  for await (const { data } of readEvents(await session.request(`/api/runs/${run}/events`))) {
    const event: RunEvent = JSON.parse(data);
    if (event.type === 'run-end') {
      if (event.state !== 'succeeded') throw new Error(`A run ended: ${JSON.stringify(event)}`);
      return;
    }
    if (event.type === 'node-end') log(`${event.node}: ${event.state} in ${(event.milliseconds / 1_000).toFixed(0)} s`);
    const said = tellProgress(event);
    if (said === null || Date.now() - logged < 30_000) continue;
    logged = Date.now();
    log(said);
  }
  throw new Error('The events ended without run-end.');
}

function tellProgress(event: RunEvent): string | null {
  if (event.type === 'experiment-progress') return `${event.stage}: ${event.done} of ${event.total}`;
  if (event.type !== 'node-progress' || event.training?.type !== 'points') return null;
  const { step, loss } = event.training.points.at(-1) ?? {};
  return step === undefined ? null : `${event.node}: step ${step}, loss ${loss?.toFixed(3) ?? '—'}`;
}

/** What a team like the example's would say; budget and prices are left out, and the report says so. */
async function saveForm(session: KumikiSession, id: string): Promise<void> {
  const body = {
    factsChange: { everyDays: 30 },
    latencyLimit: { of: 'total' as const, seconds: 20 },
    ...{ budget: null, questionsPerMonth: 1_000, prices: null, smallestDifference: 0.05 },
  };
  await unwrap(session.client.PUT('/api/experiments/{id}/form', { params: { path: { id } }, body }));
}

function describe(report: Report, minutes: number): readonly BenchRow[] {
  const { counts, comparison } = report;
  const usual = { yardstick: null, ratio: null } as const;
  const main = comparison.metrics.find(({ metric }) => metric.id === comparison.primary);
  return [
    {
      ...{ figure: 'from the passages to the report', value: minutes, unit: 'minutes', ...usual },
      ...{ target: `<= ${longestMinutes}`, met: minutes <= longestMinutes },
    },
    {
      ...{ figure: 'answers that were planned and made', value: counts.answered + counts.refused, unit: '', ...usual },
      ...{ target: String(counts.planned), met: counts.answered + counts.refused === counts.planned },
    },
    ...report.arms.map(({ key, name }): BenchRow => {
      const mean = main?.arms.find(({ arm }) => arm === key)?.common?.mean ?? Number.NaN;
      const figure = `${comparison.primary}, ${name}`;
      return { figure, value: mean, unit: '', ...usual, target: 'reported', met: Number.isFinite(mean) };
    }),
  ];
}
