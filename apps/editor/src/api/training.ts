import type { Schemas } from '@kumiki/client';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { client } from './client.ts';
import { unwrap } from './problem.ts';

/** Asks a node that trains to end early; its best checkpoint becomes the model, and the run goes on with it. */
export function stopTraining({ run, node }: { readonly run: string; readonly node: string }) {
  return unwrap(client.POST('/api/runs/{id}/nodes/{node}/stop', { params: { path: { id: run, node } } }));
}

export type TrainingRow = NonNullable<Schemas['TrainingRow']>;

/**
 * What a fine-tune node of the draft would learn, row by row; with a state, the rows of that state. Read anew each time:
 * the draft and its data change.
 */
export function trainingRowsQuery(flow: string, node: string, state: TrainingRow['state'] | undefined) {
  return infiniteQueryOptions({
    queryKey: ['flow', flow, 'training-rows', node, state],
    queryFn: ({ signal, pageParam }) =>
      unwrap(
        client.GET('/api/flows/{id}/nodes/{node}/training-rows', {
          signal,
          params: {
            path: { id: flow, node },
            query: { ...(pageParam !== null && { cursor: pageParam }), ...(state !== undefined && { state }) },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    retry: false,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
}
