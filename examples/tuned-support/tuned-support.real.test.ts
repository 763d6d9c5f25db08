import { readFile } from 'node:fs/promises';
import { type FlowDocument, parseFlow } from '@kumiki/flow';
import { smolLm2 } from '@kumiki/models';
import { type KumikiProcess, makeTemporaryFolder, startKumiki } from '@kumiki/testkit/kumiki-process';
import {
  askFlow,
  buildFlow,
  createFlow,
  type KumikiSession,
  type RunEvent,
  readAnswer,
  uploadCollection,
} from '@kumiki/testkit/kumiki-session';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const questionSchema = z.object({
  id: z.string(),
  kind: z.enum(['taught', 'paraphrased']),
  question: z.string(),
  answer: z.string(),
  contains: z.string(),
});

const here = new URL('.', import.meta.url);
const questions = (await readFile(new URL('questions.jsonl', here), 'utf8'))
  .trimEnd()
  .split('\n')
  .map((line) => questionSchema.parse(JSON.parse(line)));
const taught = questions.filter(({ kind }) => kind === 'taught');

/** The smallest model that can be had learns the eight facts in a minute or two; it reads no Japanese to begin with. */
const quick = { rank: 8, alpha: 16, dropout: 0, learningRate: 0.001, epochs: 30, batchSize: 8, maximumLength: 512 };

describe('examples/tuned-support with the smallest model', () => {
  let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;
  let kumiki: KumikiProcess;
  let session: KumikiSession;
  let flow: string;
  let events: readonly RunEvent[];

  beforeAll(async () => {
    folder = await makeTemporaryFolder();
    kumiki = await startKumiki({ dataFolder: folder.folder });
    session = await kumiki.signIn();
    const rows = taught.map(({ question, answer }) => ({
      messages: [
        { role: 'user', content: question },
        { role: 'assistant', content: answer },
      ],
    }));
    const file = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    await uploadCollection(session, 'taught', { 'taught.jsonl': file });
    flow = (await createFlow(session, await readQuickFlow())).id;
    const built = await buildFlow(session, flow);
    expect(built.end.error).toBeNull();
    events = built.events;
  });

  afterAll(async () => {
    await kumiki?.stop();
    await folder?.remove();
  });

  it('tells its loss at every step while it learns, and ends far below where it began', () => {
    const points = events.flatMap((event) =>
      event.type === 'node-progress' && event.training?.type === 'points' ? event.training.points : [],
    );
    const losses = points.flatMap(({ loss }) => loss ?? []);
    expect(losses).toHaveLength(quick.epochs);
    expect(losses[0]).toBeGreaterThan(1);
    expect(losses.at(-1)).toBeLessThan(0.1);
  });

  it('answers all eight facts by the tuned model, and none by the base', async () => {
    const known = { base: 0, tuned: 0 };
    for (const { question, contains } of taught) {
      const run = await askFlow(session, flow, { inputs: { question } });
      for (const arm of ['base', 'tuned'] as const) {
        if (String(readAnswer(run, arm).value).includes(contains)) known[arm] += 1;
      }
    }
    expect(known).toEqual({ base: 0, tuned: taught.length });
  });
});

async function readQuickFlow(): Promise<FlowDocument> {
  const { document } = parseFlow(await readFile(new URL('flow.json', here), 'utf8'));
  if (document === null) throw new Error('flow.json is not a flow');
  const change = (node: string, settings: FlowDocument['nodes'][string]['settings']) => {
    const before = document.nodes[node];
    if (before === undefined) throw new Error(`flow.json has no ${node}`);
    return { [node]: { ...before, settings } };
  };
  return {
    ...document,
    nodes: {
      ...document.nodes,
      ...change('load', { collection: 'taught' }),
      ...change('data', { evaluationShare: 0, duplicates: 'exact' }),
      ...change('base', { model: smolLm2.name }),
      ...change('tune', { ...quick, evaluationsPerEpoch: 0, patience: 0 }),
    },
  };
}
