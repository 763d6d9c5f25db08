import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { unwrap } from './problem.ts';

/** Names of secrets and when each was changed; values never come back. */
export const secretsQuery = queryOptions({
  queryKey: ['secrets'],
  queryFn: async ({ signal }) => (await unwrap(client.GET('/api/secrets', { signal }))).items,
});

/** Keeps a value under a name, in the place of the one before where there is one. */
export function useSaveSecret() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (secret: { readonly name: string; readonly value: string }) =>
      unwrap(client.POST('/api/secrets', { body: secret })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['secrets'] }),
    // The value is not to lie about in the page's memory.
    gcTime: 0,
  });
}

export function useDeleteSecret() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => unwrap(client.DELETE('/api/secrets/{name}', { params: { path: { name } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['secrets'] }),
  });
}
