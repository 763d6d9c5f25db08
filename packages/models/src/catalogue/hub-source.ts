import { open, stat } from 'node:fs/promises';
import { Agent, fetch } from 'undici';
import type { HubSource } from './catalogue.ts';

export const hubAddress = 'https://huggingface.co';

/** Long enough for a slow line, short enough that a machine without a network goes on to the next source at once. */
const connectMilliseconds = 5000;
/** A line that brings nothing for this long is given up; what has arrived is kept for the next try. */
const silenceMilliseconds = 60_000;

export type HubFetch = {
  /** Address of the hub, or of a mirror of it. */
  readonly hub: string;
  readonly source: HubSource;
  /** The file to write; where it is there already, the download goes on from its end. */
  readonly target: string;
  readonly bytes: number;
  readonly onBytes: (done: number, total: number) => void;
  readonly signal: AbortSignal;
};

/** Downloads a file of the hub at its fixed revision. Throws plain errors; the caller checks the content. */
export async function fetchFromHub({ hub, source, target, bytes, onBytes, signal }: HubFetch): Promise<void> {
  const agent = new Agent({
    connect: { timeout: connectMilliseconds },
    headersTimeout: silenceMilliseconds,
    bodyTimeout: silenceMilliseconds,
  });
  try {
    const start = await sizeOf(target);
    if (start === bytes) return;
    // More than the whole cannot be the beginning of it.
    const resumed = start < bytes ? start : 0;
    const response = await fetch(`${hub}/${source.repository}/resolve/${source.revision}/${source.file}`, {
      headers: resumed > 0 ? { range: `bytes=${resumed}-` } : {},
      dispatcher: agent,
      signal,
    });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new Error(`The hub answered ${response.status} for ${source.repository}/${source.file}.`);
    }
    const goesOn = response.status === 206;
    let done = goesOn ? resumed : 0;
    onBytes(done, bytes);
    // Written piece by piece rather than by a stream, which would drop what it still holds when the line breaks.
    const file = await open(target, goesOn ? 'a' : 'w');
    try {
      for await (const piece of response.body) {
        done += piece.length;
        if (done > bytes) throw new Error(`The hub sent more than the ${bytes} bytes of ${source.file}.`);
        await file.writeFile(piece);
        onBytes(done, bytes);
      }
    } finally {
      await file.close();
    }
    if (done < bytes) throw new Error(`The download of ${source.file} ended after ${done} of ${bytes} bytes.`);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error;
  } finally {
    await agent.destroy();
  }
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => null);
  return found?.size ?? 0;
}
