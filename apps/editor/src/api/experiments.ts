import type { Schemas } from '@kumiki/client';
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { client } from './client.ts';
import { unwrap } from './problem.ts';

export type Experiment = Schemas['Experiment'];
export type ExperimentSettings = Schemas['ExperimentSettings'];
export type ExperimentForm = Schemas['ExperimentForm'];
export type ExperimentReport = Schemas['ExperimentReport'];
export type ExperimentRow = Schemas['ExperimentRow'];
export type ExperimentAnswer = Schemas['ExperimentAnswer'];
export type ReportArm = Schemas['ReportArm'];
export type ReportMetric = Schemas['ReportMetric'];
export type Estimate = NonNullable<Schemas['Estimate']>;
export type Interval = Schemas['Interval'];
export type Difference = Schemas['Difference'];
export type MetricComparison = Schemas['Comparison']['metrics'][number];
export type TopicDifference = Schemas['TopicSummary']['differences'][number];
export type ArmFacts = Schemas['ArmFacts'];
export type LabelPair = Schemas['LabelPair'];
export type Verdict = NonNullable<LabelPair['verdict']>;

const pageSize = 50;
/** Of the rows where arms differ most, so many at a time. */
const rowPageSize = 6;

/** Newest first. */
export const experimentsQuery = infiniteQueryOptions({
  queryKey: ['experiments'],
  queryFn: ({ signal, pageParam }) =>
    unwrap(
      client.GET('/api/experiments', {
        signal,
        params: { query: { limit: pageSize, ...(pageParam === null ? {} : { cursor: pageParam }) } },
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});

export function experimentQuery(id: string) {
  return queryOptions({
    queryKey: ['experiments', id],
    queryFn: ({ signal }) => unwrap(client.GET('/api/experiments/{id}', { signal, params: { path: { id } } })),
    retry: false,
  });
}

/** What creating it would find; a problem of the request is the query's error. The last answer stays meanwhile. */
export function experimentCheckQuery(settings: ExperimentSettings | null) {
  return queryOptions({
    // The name changes nothing, and is typed letter by letter.
    queryKey: ['experiment-check', { ...settings, name: '' }],
    queryFn: ({ signal }) => {
      if (settings === null) throw new Error('There is nothing to check');
      return unwrap(client.POST('/api/experiments/check', { signal, body: settings }));
    },
    ...(settings === null && { enabled: false }),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
}

export function experimentReportQuery(id: string) {
  return queryOptions({
    queryKey: ['experiments', id, 'report'],
    queryFn: async ({ signal }) => {
      const report = await unwrap(client.GET('/api/experiments/{id}/report', { signal, params: { path: { id } } }));
      // The client's type of an answer forgets how long a tuple is.
      return report as ExperimentReport;
    },
    retry: false,
  });
}

/** Those where arms differ most come first. */
export function experimentRowsQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ['experiments', id, 'rows'],
    queryFn: async ({ signal, pageParam }) => {
      const page = await unwrap(
        client.GET('/api/experiments/{id}/rows', {
          signal,
          params: {
            path: { id },
            query: { order: 'difference', limit: rowPageSize, ...(pageParam === null ? {} : { cursor: pageParam }) },
          },
        }),
      );
      return { ...page, items: page.items as ExperimentRow[] };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

export function useStartExperiment() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (settings: ExperimentSettings) => unwrap(client.POST('/api/experiments', { body: settings })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['experiments'], exact: true }),
  });
}

export function useDeleteExperiment() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(client.DELETE('/api/experiments/{id}', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['experiments'], exact: true }),
  });
}

/** The report is decided anew from what is known then. */
export function useSaveForm(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (form: ExperimentForm) =>
      unwrap(client.PUT('/api/experiments/{id}/form', { params: { path: { id } }, body: form })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['experiments', id, 'report'] }),
  });
}

/** Pairs that nobody has judged yet, and how many are done. */
export function labelPairsQuery(id: string) {
  return queryOptions({
    queryKey: ['experiments', id, 'labels'],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/experiments/{id}/labels', {
          signal,
          params: { path: { id }, query: { unlabelled: 'true', limit: pageSize } },
        }),
      ),
    retry: false,
  });
}

/** A verdict of null takes back what was said. */
export function putLabel(id: string, pair: number, verdict: Verdict | null): Promise<LabelPair> {
  return unwrap(
    client.PUT('/api/experiments/{id}/labels/{pair}', { params: { path: { id, pair } }, body: { verdict } }),
  );
}

export function answersCsvAddress(id: string): string {
  return `/api/experiments/${encodeURIComponent(id)}/answers.csv`;
}

export function reportJsonAddress(id: string): string {
  return `/api/experiments/${encodeURIComponent(id)}/report`;
}
