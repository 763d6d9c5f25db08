import type { Schemas } from '@kumiki/client';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { client } from './client.ts';
import { unwrap } from './problem.ts';

export type ExampleSplit = Schemas['Example']['split'];
export const exampleSplits = ['train', 'evaluation'] as const satisfies readonly ExampleSplit[];

/** The examples of a data set that was built, in their order: all of them, or those of one split. */
export function examplesQuery(fingerprint: string, split: ExampleSplit | null) {
  return infiniteQueryOptions({
    queryKey: ['artifacts', fingerprint, 'examples', split],
    queryFn: ({ signal, pageParam }) =>
      unwrap(
        client.GET('/api/artifacts/{fingerprint}/examples', {
          signal,
          params: {
            path: { fingerprint },
            query: {
              limit: 50,
              ...(split === null ? {} : { split }),
              ...(pageParam === null ? {} : { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}
