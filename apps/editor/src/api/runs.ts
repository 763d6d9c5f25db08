import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';
import { unwrap } from './problem.ts';

export function runsQuery(flow: string) {
  return queryOptions({
    queryKey: ['flow', flow, 'runs'],
    queryFn: ({ signal }) => unwrap(client.GET('/api/runs', { signal, params: { query: { flow, limit: 50 } } })),
  });
}

/** A run by itself. Its record may be gone by now (404). */
export function runQuery(id: string) {
  return queryOptions({
    queryKey: ['run', id],
    queryFn: ({ signal }) => unwrap(client.GET('/api/runs/{id}', { signal, params: { path: { id } } })),
    retry: false,
  });
}

export function startBuild(flow: string) {
  return unwrap(client.POST('/api/flows/{id}/builds', { params: { path: { id: flow } }, body: {} }));
}

export type Question = {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly output?: string;
  readonly only?: string[];
};

export function startRun(flow: string, { inputs, ...rest }: Question) {
  return unwrap(
    client.POST('/api/flows/{id}/runs', { params: { path: { id: flow } }, body: { inputs: { ...inputs }, ...rest } }),
  );
}

export function cancelRun(id: string) {
  return unwrap(client.POST('/api/runs/{id}/cancel', { params: { path: { id } } }));
}
