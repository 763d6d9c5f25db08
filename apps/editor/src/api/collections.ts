import type { Schemas } from '@kumiki/client';
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { unwrap } from './problem.ts';

export type Collection = Schemas['Collection'];
export type CollectionFile = Schemas['CollectionFile'];

const pageSize = 200;

/** All collections, by name. People have tens of them, not thousands. */
export const collectionsQuery = queryOptions({
  queryKey: ['collections'],
  queryFn: async ({ signal }) => {
    const collections: Collection[] = [];
    let cursor: string | null = null;
    do {
      const query: { limit: number; cursor?: string } = { limit: pageSize, ...(cursor === null ? {} : { cursor }) };
      const page: { items: Collection[]; next: string | null } = await unwrap(
        client.GET('/api/collections', { signal, params: { query } }),
      );
      collections.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return collections;
  },
});

export function collectionFilesQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ['collections', id, 'files'],
    queryFn: ({ signal, pageParam }) =>
      unwrap(
        client.GET('/api/collections/{id}/files', {
          signal,
          params: { path: { id }, query: { limit: pageSize, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

/**
 * The parsed text of a file, or the transcript of the conversations in it. What cannot be read as that is refused with
 * status 422 and the reason.
 */
export function fileTextQuery(id: string, name: string, as: 'document' | 'conversations' = 'document') {
  return queryOptions({
    queryKey: ['collections', id, 'text', name, as],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/collections/{id}/files/{name}/text', {
          signal,
          params: { path: { id, name }, query: { as } },
        }),
      ),
    retry: false,
  });
}

export function useCreateCollection() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => unwrap(client.POST('/api/collections', { body: { name } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['collections'] }),
  });
}

export function useDeleteCollection() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(client.DELETE('/api/collections/{id}', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['collections'] }),
  });
}

export function useDeleteFile(collection: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      unwrap(client.DELETE('/api/collections/{id}/files/{name}', { params: { path: { id: collection, name } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['collections'] }),
  });
}
