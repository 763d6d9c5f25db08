import type { Schemas } from '@kumiki/client';
import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { unwrap } from './problem.ts';

export type Conversation = Schemas['Conversation'];
export type ConversationTurn = Schemas['ConversationTurn'];

/** An endpoint's conversations, the one that was used last first. */
export function conversationsQuery(slug: string) {
  return infiniteQueryOptions({
    queryKey: ['conversations', slug],
    queryFn: ({ signal, pageParam }) =>
      unwrap(
        client.GET('/api/endpoints/{slug}/conversations', {
          signal,
          params: { path: { slug }, query: pageParam === null ? {} : { cursor: pageParam } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

/** One conversation; each page has earlier turns than the one before, and each its newest turn first. */
export function conversationQuery(slug: string, name: string) {
  return infiniteQueryOptions({
    queryKey: ['conversation', slug, name],
    queryFn: ({ signal, pageParam }) =>
      unwrap(
        client.GET('/api/endpoints/{slug}/conversations/{name}', {
          signal,
          params: { path: { slug, name }, query: pageParam === null ? {} : { cursor: pageParam } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

export function useDeleteConversation(slug: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      unwrap(client.DELETE('/api/endpoints/{slug}/conversations/{name}', { params: { path: { slug, name } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['conversations', slug] }),
  });
}
