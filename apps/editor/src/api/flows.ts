import type { Schemas } from '@kumiki/client';
import { type FlowDocument, flowFormat } from '@kumiki/flow';
import {
  infiniteQueryOptions,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect } from 'react';
import { client } from './client.ts';
import { unwrap } from './problem.ts';

export const flowsQuery = infiniteQueryOptions({
  queryKey: ['flows'],
  queryFn: ({ signal, pageParam }) =>
    unwrap(client.GET('/api/flows', { signal, params: { query: pageParam === null ? {} : { cursor: pageParam } } })),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});

/** All flows, for a list to choose from; grows until the last page is read. Undefined before the first one. */
export function useAllFlows(): readonly Schemas['FlowSummary'][] | undefined {
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(flowsQuery);
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return data?.pages.flatMap(({ items }) => items);
}

/** The draft, fresh each time a flow is opened. */
export function flowQuery(id: string) {
  return queryOptions({
    queryKey: ['flow', id],
    queryFn: async ({ signal }) => {
      const flow = await unwrap(client.GET('/api/flows/{id}', { signal, params: { path: { id } } }));
      // The server has read it with the schema of packages/flow before it kept it.
      return { ...flow, document: flow.document as FlowDocument };
    },
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
}

export function versionsQuery(id: string) {
  return queryOptions({
    queryKey: ['flow', id, 'versions'],
    queryFn: ({ signal }) => unwrap(client.GET('/api/flows/{id}/versions', { signal, params: { path: { id } } })),
  });
}

/** A frozen version never changes, so it is read once. */
export function versionQuery(id: string, number: number) {
  return queryOptions({
    queryKey: ['flow', id, 'versions', number],
    queryFn: async ({ signal }) => {
      const version = await unwrap(
        client.GET('/api/flows/{id}/versions/{number}', { signal, params: { path: { id, number } } }),
      );
      return { ...version, document: version.document as FlowDocument };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function buildsQuery(id: string) {
  return queryOptions({
    queryKey: ['flow', id, 'builds'],
    queryFn: ({ signal }) => unwrap(client.GET('/api/flows/{id}/builds', { signal, params: { path: { id } } })),
  });
}

export function emptyFlow(name: string): FlowDocument {
  return { format: flowFormat, name, nodes: {}, edges: [], notes: [], groups: [] };
}

export function createFlow(document: FlowDocument) {
  return unwrap(client.POST('/api/flows', { body: { document } }));
}

/** Saves over `revision` and gives the new one. A stale revision is refused with status 412. */
export async function saveFlow(
  call: { readonly id: string; readonly revision: number; readonly document: FlowDocument },
  signal: AbortSignal,
): Promise<number> {
  const { revision } = await unwrap(
    client.PUT('/api/flows/{id}', {
      signal,
      params: { path: { id: call.id }, header: { 'if-match': `"${call.revision}"` } },
      body: { document: call.document },
    }),
  );
  return revision;
}

export function useCreateFlow() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: createFlow,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['flows'] }),
  });
}

export function useDeleteFlow() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(client.DELETE('/api/flows/{id}', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['flows'] }),
  });
}
