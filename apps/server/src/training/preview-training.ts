import { findInputs, type Plan } from '@kumiki/engine';
import { KumikiError, type TrainingRow } from '@kumiki/node-sdk';
import { readLearning, refuseTuned, renderDataSet } from '@kumiki/nodes';
import { parseNumberCursor, readFlow } from '@kumiki/store';
import { z } from 'zod';
import type { listTrainingRows, trainingRowSchema } from '../contract/training.ts';
import { createDataSetAccess } from '../runs/data-set-access.ts';
import { findOrigins } from '../runs/origins.ts';
import { readStoredDataSet } from '../runs/stored-data-set.ts';
import type { Workbench } from '../workbench.ts';

type Page = z.infer<(typeof listTrainingRows)['responses'][200]['content']['application/json']['schema']>;
type ListedRow = z.infer<typeof trainingRowSchema>;
type Place = Pick<ListedRow, 'id' | 'line' | 'split'>;

type Question = {
  readonly workspace: string;
  readonly flow: string;
  readonly node: string;
  readonly version?: number | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly state?: ListedRow['state'] | undefined;
};

/** Where rows of one state are wanted, a page goes through so many at most: a trainer's start costs more than they do. */
const ROWS_SEARCHED = 500;

/** The edge: the engine gives each input a value of a kind that it takes. */
const inputsSchema = z.object({
  model: z.object({
    host: z.string(),
    name: z.string(),
    digest: z.string().nullable(),
    adapter: z.unknown(),
    template: z.string().nullable(),
    contextLength: z.int().nullable(),
  }),
  dataset: z.unknown().transform(readStoredDataSet),
  template: z.object({ system: z.string(), template: z.string() }).optional(),
});

/**
 * Rows as a fine-tune node would learn them now, found by fingerprint: nothing is built, installed or fetched for it.
 * Throws `not-built`, `node-without-training`, `trainer-not-installed`, `model-not-fetched`, and what finding the model's
 * weights throws.
 */
export async function previewTraining(workbench: Workbench, question: Question, signal: AbortSignal): Promise<Page> {
  const { blobs, running, trainings } = workbench;
  const { artifacts, resources } = running;
  const { workspace, flow, node: id, limit, state } = question;
  const { plan, node } = await findNode(workbench, question);
  const services = running.bindServices(await findOrigins(workbench.store.database, { workspace, flow, plan }));
  const run = crypto.randomUUID();
  const found = await findInputs({ plan, node, workspace, run, services, signal, artifacts, resources }).catch(
    (error: unknown) => Promise.reject(adviseBuilding(error, plan)),
  );
  const { model, dataset, template = null } = inputsSchema.parse(found);
  refuseTuned(model, id);
  const { maximumLength, base, readPrompt } = readLearning(node.settings);
  const rendered = renderDataSet(dataset, readPrompt(template), {
    datasets: createDataSetAccess({ blobs, signal }),
    signal,
  });
  const from = parseNumberCursor(question.cursor) ?? 0;
  const reach = state === undefined ? limit : Math.max(limit, ROWS_SEARCHED);
  const { items, isEnd } = await takeRows(rendered, from, reach);
  const rows = items.flatMap(({ row }) => (row === null ? [] : [row]));
  const untuned = { ...model, adapter: null };
  const previews = await trainings.preview({ model: untuned, base, rows, maximumLength, signal });
  const byId = new Map(previews.map((preview) => [preview.id, preview]));
  const listed = items.map(({ place, row }): ListedRow => {
    const preview = row === null ? undefined : byId.get(row.id);
    if (preview === undefined) return { state: 'left-out', ...place, reason: 'no-passages' };
    if ('leftOut' in preview) return { state: 'left-out', ...place, reason: preview.leftOut };
    const sequences = preview.sequences.map((tokens) => ({
      tokens: tokens.map(({ text, trained }) => ({ text, trained })),
    }));
    return { state: 'learnt', ...place, sequences };
  });
  const picked = pickRows(listed, state, limit);
  const next = isEnd && picked.read === listed.length ? null : String(from + picked.read);
  return { ...picked, next, model: model.name, maximumLength };
}

/** The first rows of a state, and how many rows it took to find them. */
function pickRows(rows: readonly ListedRow[], state: Question['state'], limit: number) {
  const items: ListedRow[] = [];
  for (const [place, row] of rows.entries()) {
    if (state !== undefined && row.state !== state) continue;
    items.push(row);
    if (items.length === limit) return { items, read: place + 1 };
  }
  return { items, read: rows.length };
}

async function findNode({ running, store }: Workbench, { workspace, flow, node: id, version }: Question) {
  const { plans } = running;
  const plan: Plan =
    version === undefined
      ? await plans.plan({ workspace, document: (await readFlow(store.database, { workspace, flow })).document })
      : await plans.find({ workspace, flow, version });
  const node = plan.nodes.find((candidate) => candidate.id === id);
  if (node?.type.description.family !== 'finetune') throw refuseNode(id);
  return { plan, node };
}

/** Null as `row`: an answer of the example that the template could make none of. */
type PageItem = { readonly place: Place; readonly row: TrainingRow | null };

/** The rows from a place on. What comes after them is rendered when somebody asks for it. */
async function takeRows(rendered: ReturnType<typeof renderDataSet>, from: number, limit: number) {
  const items: PageItem[] = [];
  let place = 0;
  for await (const { line, id, split, rows, leftOut } of rendered) {
    const ofExample: readonly PageItem[] = [
      ...rows.map((row) => ({ place: { id: row.id, line, split }, row })),
      ...(leftOut > 0 ? [{ place: { id, line, split }, row: null }] : []),
    ];
    for (const item of ofExample) {
      place += 1;
      if (place <= from) continue;
      if (items.length === limit) return { items, isEnd: false };
      items.push(item);
    }
  }
  return { items, isEnd: true };
}

/** A whole build would train: what is missing can be had without that. */
function adviseBuilding(error: unknown, plan: Plan): unknown {
  if (!(error instanceof KumikiError) || error.code !== 'not-built') return error;
  const title = plan.nodes.find(({ id }) => id === error.node)?.title ?? { en: '', ja: '' };
  return new KumikiError({
    code: error.code,
    status: 409,
    ...(error.node !== null && { node: error.node }),
    message: {
      en: `“${title.en}” has not been made of the present data yet, so there are no rows to show. Run that node alone (“Run from here”), which trains nothing, and look again.`,
      ja: `「${title.ja}」がまだ現在のデータでつくられていないため、表示できる行がありません。その部品だけを実行してから（「ここから実行」）、もう一度お試しください。学習は始まりません。`,
    },
  });
}

function refuseNode(node: string): KumikiError {
  return new KumikiError({
    code: 'node-without-training',
    status: 404,
    path: '/node',
    message: {
      en: `The flow has no node “${node}” that trains. Name a fine-tune node.`,
      ja: `このフローに、学習を行う部品「${node}」はありません。ファインチューニングの部品を指定してください。`,
    },
  });
}
