import { infiniteQueryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { exampleSchema } from '../inspector/samples/read-sample.ts';
import { readProblem } from './problem.ts';

const pageSchema = z.object({ items: z.array(exampleSchema), next: z.string().nullable() });

/** The examples of a data set that a build keeps, in their order. */
export function examplesQuery(fingerprint: string) {
  return infiniteQueryOptions({
    queryKey: ['artifacts', fingerprint, 'examples'],
    queryFn: async ({ signal, pageParam }) => {
      const query = new URLSearchParams({ limit: '50', ...(pageParam === null ? {} : { cursor: pageParam }) });
      const response = await fetch(`/api/artifacts/${encodeURIComponent(fingerprint)}/examples?${query}`, { signal });
      if (!response.ok) throw readProblem(await response.json().catch(() => null), response.status);
      return pageSchema.parse(await response.json());
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}
