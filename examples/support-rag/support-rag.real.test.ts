import { readdir, readFile } from 'node:fs/promises';
import { type FlowDocument, type JsonValue, parseFlow } from '@kumiki/flow';
import { makeDataFolder } from '@kumiki/testkit/data-folder';
import { type KumikiProcess, startKumiki } from '@kumiki/testkit/kumiki-process';
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
  question: z.string(),
  documents: z.array(z.string()),
  answer: z.string(),
  kind: z.enum(['plain', 'paraphrased', 'two-documents', 'unanswerable']),
});

const passagesSchema = z.array(z.object({ documentName: z.string(), scores: z.object({ cosine: z.number() }) }));

/** How finely the lowest score of the example is set. */
const scoreStep = 0.005;

const here = new URL('.', import.meta.url);
const questions = (await readFile(new URL('questions.jsonl', here), 'utf8'))
  .trimEnd()
  .split('\n')
  .map((line) => questionSchema.parse(JSON.parse(line)));

describe('examples/support-rag with the embedded models', () => {
  let folder: Awaited<ReturnType<typeof makeDataFolder>>;
  let kumiki: KumikiProcess;
  let session: KumikiSession;
  let flow: string;

  beforeAll(async () => {
    folder = await makeDataFolder();
    kumiki = await startKumiki({ dataFolder: folder.folder });
    session = await kumiki.signIn();
    const names = await readdir(new URL('documents/', here));
    const files: Record<string, Uint8Array> = {};
    for (const name of names) files[name] = await readFile(new URL(`documents/${name}`, here));
    await uploadCollection(session, 'help', files);
    flow = (await createFlow(session, await readFlow())).id;
    const { end, events } = await buildFlow(session, flow);
    expect(end.error).toBeNull();
    expect(events.flatMap((event) => (event.type === 'node-end' ? event.documentErrors : []))).toEqual([]);
  });

  afterAll(async () => {
    await kumiki?.stop();
    await folder?.remove();
  });

  it('finds the documents of at least nine in ten questions, and refuses only what cannot be answered', async () => {
    const missed: string[] = [];
    const refused: string[] = [];
    for (const { id, question, documents } of questions) {
      const { events } = await askFlow(session, flow, { inputs: { question }, only: ['search'] });
      const passages = readPassages(events);
      if (passages === null) refused.push(id);
      const found = new Set(passages?.slice(0, 5).map(({ documentName }) => documentName));
      if (!documents.every((document) => found.has(document))) missed.push(id);
    }
    const answerable = questions.filter(({ kind }) => kind !== 'unanswerable');
    expect(answerable).toHaveLength(35);
    expect(missed.length, `missed: ${missed.join(', ')}`).toBeLessThanOrEqual(35 * 0.1);
    expect(refused).toEqual(
      questions.filter(({ id, kind }) => kind === 'unanswerable' && refused.includes(id)).map(({ id }) => id),
    );
    expect(refused.length).toBeGreaterThan(0);
  });

  it('refuses below the score that its own questions give', async () => {
    // By meaning alone: the first passage is the nearest, whatever the words say.
    const { id } = await createFlow(session, await readFlow({ minimumCosine: 0, weight: 1, limit: 1 }));
    const nearest: { readonly id: string; readonly isAnswerable: boolean; readonly cosine: number }[] = [];
    for (const { id: name, question, kind } of questions) {
      const { events } = await askFlow(session, id, { inputs: { question }, only: ['search'] });
      const [passage] = readPassages(events) ?? [];
      nearest.push({ id: name, isAnswerable: kind !== 'unanswerable', cosine: passage?.scores.cosine ?? 0 });
    }
    const lowest = Math.min(...nearest.flatMap(({ isAnswerable, cosine }) => (isAnswerable ? [cosine] : [])));
    console.table(nearest.filter(({ isAnswerable, cosine }) => !isAnswerable || cosine === lowest));
    const minimum = z.number().parse((await readFlow()).nodes.search?.settings.minimumCosine);
    // One step below the last step at which no question is refused that can be answered; the embeddings of two machines
    // differ by less than that step.
    expect(lowest - minimum).toBeGreaterThan(0);
    expect(lowest - minimum).toBeLessThan(2 * scoreStep);
  });

  it('answers a plain question from the document that says so', async () => {
    const question = 'コンビニ払いの支払い番号は何日間有効ですか。';
    const run = await askFlow(session, flow, { inputs: { question } });
    const { value, citations } = readAnswer(run, 'RAG');
    expect(value).toContain('6日');
    for (const citation of citations) expect(citation.text).toContain(citation.quote);
    expect(run.end.usage?.completionTokens).toBeGreaterThan(0);
  });
});

/**
 * The flow as it is, but for where its documents come from, with the chat model that every test machine has, and what else
 * the search shall do.
 */
async function readFlow(searching: Record<string, JsonValue> = {}): Promise<FlowDocument> {
  const { document } = parseFlow(await readFile(new URL('flow.json', here), 'utf8'));
  if (document === null) throw new Error('flow.json cannot be read');
  const { load, chat, search } = document.nodes;
  if (load === undefined || chat === undefined || search === undefined) {
    throw new Error('flow.json has no nodes "load", "chat" and "search"');
  }
  return {
    ...document,
    nodes: {
      ...document.nodes,
      load: { ...load, settings: { collection: 'help' } },
      chat: { ...chat, settings: { model: 'qwen2.5-coder-0.5b-instruct' } },
      search: { ...search, settings: { ...search.settings, ...searching } },
    },
  };
}

/** What the search put out; null where its best passage was below the lowest score. */
function readPassages(events: readonly RunEvent[]) {
  const end = events.find((event) => event.type === 'node-end' && event.node === 'search');
  if (end?.type !== 'node-end' || end.state !== 'succeeded')
    throw new Error(`The search did not end: ${JSON.stringify(end)}`);
  return end.sample.passages === undefined ? null : passagesSchema.parse(end.sample.passages);
}
