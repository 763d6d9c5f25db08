import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { unwrap } from './problem.ts';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => unwrap(client.GET('/api/session', { signal })),
  staleTime: 60_000,
});

export type Credentials = { readonly token: string } | { readonly password: string };

export function signIn(credentials: Credentials): Promise<unknown> {
  return unwrap(client.POST('/api/session', { body: credentials }));
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({ mutationFn: signIn, onSuccess: () => queries.invalidateQueries() });
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(client.DELETE('/api/session')),
    onSuccess: () => queries.clear(),
  });
}
