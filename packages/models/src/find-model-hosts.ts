import { z } from 'zod';
import { normaliseAddress } from './host-connection.ts';

export type FoundModelHost = { readonly kind: 'ollama'; readonly address: string; readonly version: string };

/** Where Ollama listens unless told otherwise. */
export const usualOllamaAddress = 'http://127.0.0.1:11434';

/** Where nobody listens, the refusal comes at once; only an Ollama on a busy machine needs the time. */
const probeMilliseconds = 2_000;
const versionSchema = z.object({ version: z.string() });

/**
 * Looks for hosts that run already and were not added by hand: an Ollama at the given address, in the form of its own
 * `OLLAMA_HOST`, or at its usual one. Takes at most two seconds and never throws but the signal's reason.
 */
export async function findModelHosts(
  options: { readonly ollamaAddress?: string; readonly signal?: AbortSignal } = {},
): Promise<readonly FoundModelHost[]> {
  const { ollamaAddress = usualOllamaAddress, signal } = options;
  const limits = [AbortSignal.timeout(probeMilliseconds), ...(signal === undefined ? [] : [signal])];
  try {
    const address = readOllamaHost(ollamaAddress);
    const response = await fetch(`${address}/api/version`, { signal: AbortSignal.any(limits) });
    const answer = versionSchema.safeParse(await response.json());
    return answer.success ? [{ kind: 'ollama', address, version: answer.data.version }] : [];
  } catch {
    signal?.throwIfAborted();
    return [];
  }
}

/** `OLLAMA_HOST` may lack scheme and port, and names 0.0.0.0 where the server listens everywhere. */
function readOllamaHost(value: string): string {
  const url = new URL(normaliseAddress(value, /$^/));
  if (url.port === '' && !/:(80|443)\/?$/.test(value)) url.port = '11434';
  if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = '127.0.0.1';
  return url.origin;
}
