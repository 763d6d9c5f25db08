import type { ErrorReport } from '@kumiki/node-sdk';
import { forgottenMessage } from '@kumiki/store';
import type { RunEvent } from './event-log.ts';

/** An event without what it shows of contents. That it happened, to which node, when, and how much of it there was stays. */
export function redactEvent(event: RunEvent): RunEvent {
  switch (event.type) {
    case 'run-start':
    case 'node-start':
    case 'experiment-progress':
      return event;
    case 'node-progress':
      return event.training?.type === 'samples' ? { ...event, training: { ...event.training, answers: [] } } : event;
    case 'text-delta':
      return { ...event, text: '' };
    case 'node-end':
      return { ...event, sample: {}, warnings: [], documentErrors: [], error: redactError(event.error) };
    case 'run-end':
      return { ...event, outputs: null, error: redactError(event.error) };
  }
}

function redactError<Report extends Pick<ErrorReport, 'message'>>(error: Report | null): Report | null {
  return error === null ? null : { ...error, message: forgottenMessage };
}
