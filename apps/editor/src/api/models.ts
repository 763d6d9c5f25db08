import type { Schemas } from '@kumiki/client';
import type { LocalisedText } from '@kumiki/flow';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { client } from './client.ts';
import { ApiError, readProblem, unwrap } from './problem.ts';

export type Model = Schemas['Model'];
export type ModelHost = Schemas['ModelHost'];
export type ModelPurpose = Model['purposes'][number];

/** Models of all hosts, and the hosts that do not answer. Asking may take as long as the slowest host. */
export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => unwrap(client.GET('/api/models', { signal })),
  staleTime: 30_000,
});

export const modelHostsQuery = queryOptions({
  queryKey: ['model-hosts'],
  queryFn: async ({ signal }) => (await unwrap(client.GET('/api/model-hosts', { signal }))).items,
});

export type HostInput = {
  readonly kind: 'ollama' | 'openai-compatible';
  readonly name: string;
  readonly address: string;
  readonly key?: string;
};

/** Adds a host, or changes the one with `id`. A change without a key keeps the key. */
export function useSaveHost() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, host }: { readonly id: string | null; readonly host: HostInput }) =>
      id === null
        ? unwrap(client.POST('/api/model-hosts', { body: host }))
        : unwrap(client.PUT('/api/model-hosts/{id}', { params: { path: { id } }, body: host })),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['model-hosts'] }),
        queries.invalidateQueries({ queryKey: ['models'] }),
      ]),
  });
}

export function useDeleteHost() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(client.DELETE('/api/model-hosts/{id}', { params: { path: { id } } })),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['model-hosts'] }),
        queries.invalidateQueries({ queryKey: ['models'] }),
      ]),
  });
}

/** Has every host give back the memory of its idle models; the next question loads them again. */
export function useUnloadModels() {
  return useMutation({
    mutationFn: async () => {
      const { items } = await unwrap(client.GET('/api/model-hosts'));
      await Promise.all(
        items.map(({ id }) => unwrap(client.POST('/api/model-hosts/{id}/unload', { params: { path: { id } } }))),
      );
    },
  });
}

export function useTestHost() {
  return useMutation({
    mutationFn: (id: string) => unwrap(client.POST('/api/model-hosts/{id}/test', { params: { path: { id } } })),
  });
}

export type PullProgress = { readonly bytes: number; readonly total: number | null };

/** Fetches a model of the catalogue. Resolves when it is ready; rejects with an `ApiError` that says what to do. */
export async function pullModel(
  name: string,
  onProgress: (progress: PullProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const { response, error } = await client.POST('/api/models/pull', { signal, body: { name }, parseAs: 'stream' });
  if (!response.ok) throw readProblem(error ?? (await response.json().catch(() => null)), response.status);
  if (response.body === null) return;
  const decoder = new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>;
  const reader = response.body.pipeThrough(decoder).pipeThrough(new EventSourceParserStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    if (value.event === 'progress') onProgress(readProgress(value.data));
    if (value.event === 'error') throw readPullError(value.data);
    if (value.event === 'done') return;
  }
}

// Both ends are made from the same contract; these two read what it says of the events.
function readProgress(data: string): PullProgress {
  return JSON.parse(data) as PullProgress;
}

function readPullError(data: string): ApiError {
  const { code, message } = JSON.parse(data) as { code: string; message: LocalisedText };
  return new ApiError({ code, status: 502, texts: message });
}
