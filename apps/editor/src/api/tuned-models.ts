import type { Schemas } from '@kumiki/client';
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { readProblem, unwrap } from './problem.ts';
import { sendFile } from './upload-file.ts';

export type TunedModel = Schemas['TunedModel'];
export type ModelCard = Schemas['ModelCard'];

const pageSize = 100;

/** Newest first. */
export const tunedModelsQuery = infiniteQueryOptions({
  queryKey: ['tuned-models'],
  queryFn: ({ signal, pageParam }) =>
    unwrap(
      client.GET('/api/tuned-models', {
        signal,
        params: { query: { limit: pageSize, ...(pageParam === null ? {} : { cursor: pageParam }) } },
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});

export function tunedModelQuery(id: string) {
  return queryOptions({
    queryKey: ['tuned-models', id],
    queryFn: ({ signal }) => unwrap(client.GET('/api/tuned-models/{id}', { signal, params: { path: { id } } })),
    retry: false,
  });
}

/** The one that has an adapter, by its digest: with all of its card. Null where it was deleted. */
export function tunedModelOfQuery(digest: string) {
  return queryOptions({
    queryKey: ['tuned-models', 'of', digest],
    queryFn: async ({ signal }) => {
      const { items } = await unwrap(
        client.GET('/api/tuned-models', { signal, params: { query: { digest, limit: 1 } } }),
      );
      const [found] = items;
      if (found === undefined) return null;
      return await unwrap(client.GET('/api/tuned-models/{id}', { signal, params: { path: { id: found.id } } }));
    },
    retry: false,
  });
}

export function useRenameTunedModel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, name }: { readonly id: string; readonly name: string }) =>
      unwrap(client.PATCH('/api/tuned-models/{id}', { params: { path: { id } }, body: { name } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tuned-models'] }),
  });
}

export function useDeleteTunedModel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(client.DELETE('/api/tuned-models/{id}', { params: { path: { id } } })),
    // The one that is gone is not read again: a page that shows it is about to be left.
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tuned-models'], exact: true }),
  });
}

export type TunedUpload = {
  readonly name: string;
  /** What it was trained over. */
  readonly base: { readonly host: string; readonly model: string };
  readonly file: Blob;
  readonly onProgress: (sent: number) => void;
  readonly signal: AbortSignal;
};

/** Brings a tuned model along: a ZIP file of its PEFT folder. */
export function useUploadTunedModel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ name, base, file, onProgress, signal }: TunedUpload) =>
      sendFile({
        method: 'POST',
        address: `/api/tuned-models?${new URLSearchParams({ name, ...base })}`,
        mediaType: 'application/zip',
        ...{ file, onProgress, signal },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tuned-models'] }),
  });
}

export const downloadForms = ['peft', 'lora', 'merged-F16', 'merged-Q8_0'] as const;
export type DownloadForm = (typeof downloadForms)[number];

export function downloadAddress(id: string, form: DownloadForm): string {
  const [kind = form, type] = form.split('-');
  return `/api/tuned-models/${encodeURIComponent(id)}/file?${new URLSearchParams({ form: kind, ...(type && { type }) })}`;
}

/**
 * Waits until the server has made a file that is to be downloaded, which may take a minute. Rejects with an `ApiError`
 * where it cannot, which a browser's own download would not tell.
 */
export async function prepareDownload(address: string, fetch = globalThis.fetch): Promise<void> {
  const aborter = new AbortController();
  const response = await fetch(address, { signal: aborter.signal });
  if (!response.ok) throw readProblem(await response.json().catch(() => null), response.status);
  // The browser fetches the bytes itself, and writes them to a file as they come.
  aborter.abort();
}
