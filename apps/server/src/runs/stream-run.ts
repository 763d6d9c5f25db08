import { KumikiError } from '@kumiki/node-sdk';
import { readRun } from '@kumiki/store';
import { type ServerSentEvent, streamEvents } from '../http/event-stream.ts';
import type { Workbench } from '../workbench.ts';
import { type FollowOptions, followEvents, isOver } from './follow-events.ts';

/**
 * The events of a run after one of them, live or replayed; null where it has ended and nothing came after. Dropping the
 * answer cancels nothing. Throws `run-unknown`, `invalid-request`.
 */
export async function streamRun(
  { store: { database }, running, log }: Pick<Workbench, 'store' | 'running' | 'log'>,
  at: { readonly workspace: string; readonly run: string; readonly lastEventId: string | undefined },
): Promise<Response | null> {
  const { workspace, run } = at;
  const after = readLastId(at.lastEventId);
  await running.recorder.settle();
  await readRun(database, { workspace, run });
  const options = { database, live: running.live, workspace, run, after };
  if (await isOver(options)) return null;
  return streamEvents((signal) => tellEvents(options, signal), {
    onFailure: (error) => log.error({ error, run }, 'event stream failed'),
    signal: running.closing,
  });
}

async function* tellEvents(options: FollowOptions, signal: AbortSignal): AsyncGenerator<ServerSentEvent> {
  for await (const { sequence, event } of followEvents(options, signal)) {
    yield { id: sequence, event: event.type, data: event };
  }
}

function readLastId(id: string | undefined): number {
  if (id === undefined || id === '') return 0;
  if (/^\d{1,15}$/.test(id)) return Number(id);
  throw new KumikiError({
    code: 'invalid-request',
    status: 422,
    path: 'last-event-id',
    message: {
      en: 'Last-Event-ID has to be the id of an event of this run.',
      ja: 'Last-Event-ID には、この実行のイベントの ID を指定してください。',
    },
  });
}
