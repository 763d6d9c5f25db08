import { type EmbeddingModelValue, type IndexLocation, type IndexSnapshot, KumikiError } from '@kumiki/node-sdk';
import { and, eq } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { indexGenerations, indexLineages } from '../schema/tables.ts';
import { tokeniserVersion } from './tokenise.ts';

export type LineageRow = typeof indexLineages.$inferSelect;
export type GenerationRow = typeof indexGenerations.$inferSelect;

export async function findLineage(database: Database, at: IndexLocation): Promise<LineageRow | null> {
  const [row] = await database
    .select()
    .from(indexLineages)
    .where(and(eq(indexLineages.workspaceId, at.workspace), eq(indexLineages.lineage, at.lineage)));
  return row ?? null;
}

/** Throws `index-unknown`, `index-tokeniser-changed`. */
export async function readLineage(database: Database, at: IndexLocation): Promise<LineageRow> {
  const lineage = await findLineage(database, at);
  if (lineage === null) throw refuseUnknownIndex();
  checkTokeniser(lineage);
  return lineage;
}

/** A generation that readers may pin. Throws `index-unknown`. */
export async function readVisibleGeneration(
  database: Database,
  lineage: LineageRow,
  at: IndexSnapshot,
): Promise<GenerationRow> {
  const [row] = await database
    .select()
    .from(indexGenerations)
    .where(
      and(
        eq(indexGenerations.lineageId, lineage.id),
        eq(indexGenerations.number, at.generation),
        eq(indexGenerations.state, 'visible'),
      ),
    );
  if (row === undefined) throw refuseUnknownIndex();
  return row;
}

/** Terms of another tokeniser would not find what they should, silently. */
export function checkTokeniser(lineage: LineageRow): void {
  if (lineage.tokeniser === tokeniserVersion) return;
  throw new KumikiError({
    code: 'index-tokeniser-changed',
    message: {
      en: 'The index was made by another version of Kumiki, which splits texts differently. Build the flow again.',
      ja: 'この索引は、文章の区切り方が異なる別のバージョンの Kumiki でつくられています。フローをもう一度構築してください。',
    },
    status: 409,
  });
}

/** A model is its weights, not its host; an unpinned one is its name. */
export function checkEmbeddingModel(lineage: LineageRow, model: EmbeddingModelValue): void {
  const known = lineage.embeddingModel;
  if ((known.digest ?? known.name) === (model.digest ?? model.name) && known.dimensions === model.dimensions) return;
  throw refuseModel(`${known.name} (${known.dimensions})`, `${model.name} (${model.dimensions})`);
}

export function checkDimensions(lineage: LineageRow, vector: Float32Array): void {
  const { name, dimensions } = lineage.embeddingModel;
  if (vector.length !== dimensions) throw refuseModel(`${name} (${dimensions})`, `${vector.length}`);
}

function refuseModel(known: string, given: string): KumikiError {
  return new KumikiError({
    code: 'index-model-mismatch',
    message: {
      en: `The index was made with the embedding model ${known} and cannot take vectors of ${given}. Use the same embedding model for the index and the question.`,
      ja: `この索引は埋め込みモデル ${known} でつくられているため、${given} のベクトルは使えません。索引と質問には同じ埋め込みモデルを使ってください。`,
    },
    status: 409,
  });
}

function refuseUnknownIndex(): KumikiError {
  return new KumikiError({
    code: 'index-unknown',
    message: {
      en: 'The index, or the state of it that was asked for, does not exist. Build the flow again.',
      ja: '索引、またはその索引の指定された時点の内容がありません。フローをもう一度構築してください。',
    },
    status: 409,
  });
}
