import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const recordSchema = z.object({ address: z.url(), token: z.string(), pid: z.int() });

/** How the command line reaches the server that holds a data folder. It lies beside the lock, readable by its owner. */
export type ServerRecord = z.infer<typeof recordSchema>;

const fileName = 'server.json';

export async function writeServerRecord(dataFolder: string, record: ServerRecord): Promise<void> {
  await writeFile(join(dataFolder, fileName), JSON.stringify(record), { mode: 0o600 });
}

export async function removeServerRecord(dataFolder: string): Promise<void> {
  await rm(join(dataFolder, fileName), { force: true });
}

/** The server of a data folder; null where none runs, also where one was killed and left its record behind. */
export async function findServer(dataFolder: string): Promise<ServerRecord | null> {
  let text: string;
  try {
    text = await readFile(join(dataFolder, fileName), 'utf8');
  } catch {
    return null;
  }
  const record = recordSchema.parse(JSON.parse(text));
  try {
    const answer = await fetch(`${record.address}/api/session`, {
      headers: { authorization: `Bearer ${record.token}` },
      signal: AbortSignal.timeout(5_000),
    });
    await answer.body?.cancel();
    // Another program on the same port, or another Kumiki, does not know the token.
    return answer.ok ? record : null;
  } catch {
    return null;
  }
}
