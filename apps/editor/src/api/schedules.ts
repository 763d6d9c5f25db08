import type { Schemas } from '@kumiki/client';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { unwrap } from './problem.ts';

export type Schedule = Schemas['Schedule'];
export type ScheduleContent = Pick<Schedule, 'version' | 'cron' | 'timeZone' | 'enabled'>;

const refreshMilliseconds = 30_000;

/** All schedules, oldest first. Read again now and then, since they fire by themselves. */
export const schedulesQuery = queryOptions({
  queryKey: ['schedules'],
  queryFn: async ({ signal }) => (await unwrap(client.GET('/api/schedules', { signal }))).items,
  refetchInterval: refreshMilliseconds,
});

/** Makes a schedule of a flow, or changes the one with `id`, whose flow stays. Rejects with the code `schedule-invalid`. */
export function useSaveSchedule() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, flow, content }: { readonly id: string | null; flow: string; content: ScheduleContent }) =>
      id === null
        ? unwrap(client.POST('/api/schedules', { body: { flow, ...content } }))
        : unwrap(client.PUT('/api/schedules/{id}', { params: { path: { id } }, body: content })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['schedules'] }),
  });
}

export function useDeleteSchedule() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(client.DELETE('/api/schedules/{id}', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['schedules'] }),
  });
}
