import type { BlobStore } from '@kumiki/node-sdk';
import { type Collected, collect, countCollectable, type Database, findUnnamedContents } from '@kumiki/store';
import type { ContentKeeper } from './content-keeper.ts';

export type CollectParts = {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly contents: ContentKeeper;
  readonly graceHours: number;
};

type CollectedContents = { readonly contents: number; readonly contentBytes: number };

const hashesPerStatement = 200;

/** Takes away what nothing names any more, or tells what would go. */
export async function collectUnnamed(
  parts: CollectParts,
  { workspace, dryRun }: { readonly workspace: string; readonly dryRun: boolean },
  signal: AbortSignal,
): Promise<Collected & CollectedContents> {
  const scope = { workspace, graceHours: parts.graceHours };
  const rows = dryRun ? await countCollectable(parts.database, scope) : await collect(parts.database, scope, signal);
  // After the rows, which name contents.
  return { ...rows, ...(await collectContents(parts, { dryRun }, signal)) };
}

/** Contents of the blob store that no row of any workspace names, once they are older than the grace. */
async function collectContents(
  { database, blobs, contents, graceHours }: CollectParts,
  { dryRun }: { readonly dryRun: boolean },
  signal: AbortSignal,
): Promise<CollectedContents> {
  const before = Date.now() - graceHours * 3_600_000;
  const gone = { contents: 0, contentBytes: 0 };
  let batch = new Map<string, number>();
  const work = async () => {
    const unnamed = await findUnnamedContents(database, [...batch.keys()]);
    for (const sha256 of unnamed) {
      gone.contents += 1;
      gone.contentBytes += batch.get(sha256) ?? 0;
      if (!dryRun) await contents.release(sha256);
    }
    batch = new Map();
  };
  for await (const { sha256, bytes, storedAt } of blobs.list()) {
    signal.throwIfAborted();
    if (storedAt.getTime() > before) continue;
    batch.set(sha256, bytes);
    if (batch.size === hashesPerStatement) await work();
  }
  await work();
  return gone;
}
