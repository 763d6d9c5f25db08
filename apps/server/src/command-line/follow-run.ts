import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { RunEvent } from '../runs/event-log.ts';
import type { Connection } from './connection.ts';
import { RunFailedError } from './failure.ts';

export type RunEnd = Extract<RunEvent, { type: 'run-end' }>;

/** Follows a run to its end. Throws a RunFailedError where it did not succeed. */
export async function followRun(
  { request }: Connection,
  run: string,
  onEvent: (event: RunEvent) => void,
): Promise<RunEnd> {
  let lastId: string | undefined;
  for (;;) {
    const answer = await request(`/api/runs/${run}/events`, {
      headers: lastId === undefined ? {} : { 'last-event-id': lastId },
    });
    for await (const { id, event } of readEvents(answer)) {
      lastId = id ?? lastId;
      onEvent(event);
      if (event.type !== 'run-end') continue;
      if (event.state !== 'succeeded') throw describeFailure(event);
      return event;
    }
  }
}

async function* readEvents(answer: Response) {
  if (answer.body === null) return;
  const decoder = new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>;
  for await (const { id, data } of answer.body.pipeThrough(decoder).pipeThrough(new EventSourceParserStream())) {
    // Both sides are made from the same contract.
    yield { id, event: JSON.parse(data) as RunEvent };
  }
}

/** Progress for people, on stderr: stdout is for the answer. */
export function printProgress(event: RunEvent): void {
  if (event.type === 'node-end') {
    const seconds = (event.milliseconds / 1_000).toFixed(1);
    process.stderr.write(`  ${event.node}: ${event.state} (${seconds} s)\n`);
    for (const { id, error } of event.documentErrors) process.stderr.write(`    ${id}: ${error.message.en}\n`);
  }
}

function describeFailure({ state, error }: RunEnd): RunFailedError {
  const texts = error?.message ?? { en: 'The run was cancelled.', ja: '実行は中止されました。' };
  const code = error?.code ?? state;
  return new RunFailedError({
    type: `urn:kumiki:problem:${code}`,
    title: 'The run did not succeed',
    status: 500,
    detail: texts.en,
    code,
    texts,
    ...(error?.node == null ? {} : { node: error.node }),
    ...(error?.path == null ? {} : { path: error.path }),
  });
}
