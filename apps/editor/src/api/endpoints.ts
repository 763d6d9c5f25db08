import type { Schemas } from '@kumiki/client';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { unwrap } from './problem.ts';

export type Endpoint = Schemas['Endpoint'];
export type ApiKey = Schemas['ApiKey'];
/** With what a person should know although it was published. */
export type PublishedEndpoint = Awaited<ReturnType<ReturnType<typeof usePublish>['mutateAsync']>>;
export type EndpointInput = Omit<Endpoint, 'createdAt' | 'updatedAt'>;

export const endpointsQuery = queryOptions({
  queryKey: ['endpoints'],
  queryFn: async ({ signal }) => (await unwrap(client.GET('/api/endpoints', { signal }))).items,
});

export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: async ({ signal }) => (await unwrap(client.GET('/api/keys', { signal }))).items,
});

/** Publishes under a new slug, or moves what is published under it. */
export function usePublish() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ endpoint, replace }: { readonly endpoint: EndpointInput; readonly replace: boolean }) => {
      const { slug, ...body } = endpoint;
      return replace
        ? unwrap(client.PUT('/api/endpoints/{slug}', { params: { path: { slug } }, body }))
        : unwrap(client.POST('/api/endpoints', { body: endpoint }));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['endpoints'] }),
  });
}

export function useDeleteEndpoint() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (slug: string) => unwrap(client.DELETE('/api/endpoints/{slug}', { params: { path: { slug } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['endpoints'] }),
  });
}

export type KeyInput = {
  readonly name: string;
  readonly scopes: ('v1' | 'api')[];
  /** Slugs that it may call; null: all. */
  readonly endpoints: string[] | null;
};

/** Makes a key. Its value is in this answer and never again. */
export function useCreateKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (key: KeyInput) => unwrap(client.POST('/api/keys', { body: key })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys'] }),
  });
}

export function useDeleteKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(client.DELETE('/api/keys/{id}', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys'] }),
  });
}
