import { KumikiError } from '@kumiki/node-sdk';
import { isSilence } from './host-connection.ts';
import type { HostName } from './host-errors.ts';
import {
  hostBusy,
  hostDown,
  hostFailed,
  hostRefused,
  hostSilent,
  inputTooLong,
  modelOutOfMemory,
  modelUnknown,
  streamCut,
  wrongPurpose,
} from './host-errors.ts';

export type HostFailure = {
  readonly host: HostName;
  readonly model: string | null;
  readonly purpose: 'chat' | 'embedding';
  /** HTTP status of the answer; null where there was none, or where the failure came inside a stream. */
  readonly status: number | null;
  readonly said: string;
  readonly cause: unknown;
  /** Whether the answer had begun: its status had come, and said that all is well. */
  readonly started: boolean;
};

const saysTooLong =
  /context (length|size|window)|maximum context|exceed_context_size|physical batch size|input (is )?too (long|large)|prompt is (too long|longer)/i;
const saysNoMemory =
  /out of memory|more system memory|insufficient memory|not enough memory|(failed|unable) to allocate|alloc\w* failed|signal: killed/i;
const saysWrongPurpose =
  /does not support (chat|generate|embeddings?|completions?)|not an embedding model|does not logits computation/i;
const saysUnknown = /model\b.*\b(not found|does not exist|not exist)|no such model|unknown model/i;

/** Gives what a host answered its name. The patterns are what Ollama, llama-server and vLLM really say. */
export function nameHostFailure(failure: HostFailure): KumikiError {
  const { host, model, purpose, status, said, cause, started } = failure;
  if (cause instanceof KumikiError) return cause;
  if (isSilence(cause)) return hostSilent(host, cause);
  const named = model ?? '?';
  if (status === 401 || status === 403) return hostRefused(host, cause);
  if (saysNoMemory.test(said)) return modelOutOfMemory(host, named, cause);
  if (saysTooLong.test(said)) return inputTooLong(host, named, cause);
  if (saysWrongPurpose.test(said) || status === 501) return wrongPurpose(host, named, purpose, cause);
  if (saysUnknown.test(said)) return modelUnknown(host, named);
  if (status === 429 || status === 503) return hostBusy(host, cause);
  if (started) return streamCut(host, named, cause);
  if (status === null) return hostDown(host, cause);
  return hostFailed(host, model, said, cause);
}
