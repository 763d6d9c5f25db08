import { createHash } from 'node:crypto';
import { and, eq, inArray } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { embeddingCache } from '../schema/tables.ts';

type EmbeddingSource = {
  readonly workspace: string;
  /** Digest of the model's weights. */
  readonly model: string;
  /** What was put in front of each text. */
  readonly prefix: string;
};

const rowsPerStatement = 500;

/** Vectors by text, for those texts that were embedded before. */
export async function findEmbeddings(
  database: Database,
  source: EmbeddingSource,
  texts: readonly string[],
): Promise<ReadonlyMap<string, Float32Array>> {
  const byHash = new Map(texts.map((text) => [hashText(text).toString('hex'), text]));
  const hashes = [...byHash.keys()];
  const found = new Map<string, Float32Array>();
  for (let start = 0; start < hashes.length; start += rowsPerStatement) {
    const rows = await database
      .select({ hash: embeddingCache.textHash, vector: embeddingCache.vector })
      .from(embeddingCache)
      .where(
        and(
          eq(embeddingCache.workspaceId, source.workspace),
          eq(embeddingCache.model, source.model),
          eq(embeddingCache.prefix, source.prefix),
          inArray(
            embeddingCache.textHash,
            hashes.slice(start, start + rowsPerStatement).map((hash) => Buffer.from(hash, 'hex')),
          ),
        ),
      );
    for (const row of rows) {
      const text = byHash.get(Buffer.from(row.hash).toString('hex'));
      if (text !== undefined) found.set(text, unpackVector(row.vector));
    }
  }
  return found;
}

/** Keeps vectors for later. A text that is known already keeps its vector: the same model makes the same one. */
export async function keepEmbeddings(
  database: Database,
  source: EmbeddingSource,
  entries: readonly { readonly text: string; readonly vector: Float32Array }[],
): Promise<void> {
  for (let start = 0; start < entries.length; start += rowsPerStatement) {
    await database
      .insert(embeddingCache)
      .values(
        entries.slice(start, start + rowsPerStatement).map((entry) => ({
          workspaceId: source.workspace,
          model: source.model,
          prefix: source.prefix,
          textHash: hashText(entry.text),
          vector: packVector(entry.vector),
        })),
      )
      .onConflictDoNothing();
  }
}

function hashText(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** 32-bit little-endian floats. */
export function packVector(vector: Float32Array): Buffer {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
}

/** Copies, since the driver's buffer may start at any byte. Every machine that Node runs on is little-endian. */
function unpackVector(packed: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(packed).buffer);
}
