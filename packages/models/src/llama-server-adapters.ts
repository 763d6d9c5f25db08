import path from 'node:path';
import type { ChatAdapter } from '@kumiki/node-sdk';
import { z } from 'zod';
import { adapterNotServed, type HostName } from './host-errors.ts';

/** What llama-server was started with. It is asked again when a connection to it has ended: it may be another one since. */
export const servedAdaptersSchema = z.array(z.object({ id: z.number(), path: z.string() }));
export type ServedAdapters = z.infer<typeof servedAdaptersSchema>;

/** Digits of a digest by which a file is known, as `ChatAdapter` promises. */
const knownDigits = 16;

/**
 * What a request says besides so that the adapter, or the base alone, answers it. Each adapter of the server is named: one
 * that is not counts as the server was started, at full strength unless that was said.
 *
 * What a slot has read with one adapter is kept by its text alone and handed to the next request that begins alike, whatever
 * adapter that has (seen in b10434: `--cache-ram` gave a base answer the mind of a tuned one). So nothing is taken over.
 *
 * Throws `adapter-not-served`.
 */
export async function chooseServedAdapter(
  served: ServedAdapters,
  asked: { readonly host: HostName; readonly model: string; readonly adapter: ChatAdapter | undefined },
  signal: AbortSignal,
): Promise<object> {
  const { host, model, adapter } = asked;
  const wanted = adapter === undefined ? null : served.find((one) => isFileOf(one.path, adapter));
  if (adapter !== undefined && wanted === undefined) {
    throw adviseFlag(host, model, path.basename(await adapter.ggufFile(signal)));
  }
  if (served.length === 0) return {};
  return { lora: served.map(({ id }) => ({ id, scale: id === wanted?.id ? 1 : 0 })), cache_prompt: false };
}

function isFileOf(file: string, { digest }: ChatAdapter): boolean {
  return file.includes(digest.replace(/^sha256:/, '').slice(0, knownDigits));
}

function adviseFlag(host: HostName, model: string, file: string) {
  const flag = `--lora-scaled ${file}:0`;
  return adapterNotServed(host, model, {
    en: `Put the adapter's GGUF file on that machine under the same name and start the server with it: llama-server … ${flag} (several: with commas between).`,
    ja: `アダプターの GGUF ファイルを同じ名前でそのマシンに置き、次のように起動してください：llama-server … ${flag}（複数のときはカンマで区切ります）`,
  });
}
