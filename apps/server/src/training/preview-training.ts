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
};

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
  const { workspace, flow, node: id, limit } = question;
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
  const page = await takePage(rendered, parseNumberCursor(question.cursor) ?? 0, limit);
  const rows = page.items.flatMap(({ row }) => (row === null ? [] : [row]));
  const untuned = { ...model, adapter: null };
  const previews = await trainings.preview({ model: untuned, base, rows, maximumLength, signal });
  const byId = new Map(previews.map((preview) => [preview.id, preview]));
  const items = page.items.map(({ place, row }): ListedRow => {
    const preview = row === null ? undefined : byId.get(row.id);
    if (preview === undefined) return { state: 'left-out', ...place, reason: 'no-passages' };
    if ('leftOut' in preview) return { state: 'left-out', ...place, reason: preview.leftOut };
    const sequences = preview.sequences.map((tokens) => ({
      tokens: tokens.map(({ text, trained }) => ({ text, trained })),
    }));
    return { state: 'learnt', ...place, sequences };
  });
  return { items, next: page.next, model: model.name, maximumLength };
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

/** The rows from a place on. Reading ends with the page: what comes after it is rendered when somebody asks for it. */
async function takePage(rendered: ReturnType<typeof renderDataSet>, from: number, limit: number) {
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
      if (items.length === limit) return { items, next: String(from + limit) };
      items.push(item);
    }
  }
  return { items, next: null };
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
