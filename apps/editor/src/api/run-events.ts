import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { RunEvent } from '../run/run-state.ts';
import { ApiError, readProblem } from './problem.ts';

type Follow = {
  readonly run: string;
  readonly onEvents: (events: readonly RunEvent[]) => void;
  readonly signal: AbortSignal;
  readonly fetch?: typeof globalThis.fetch;
  /** Waits before a reconnect; resolves early when aborted. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
};

const longestWait = 10_000;

/**
 * Reads a run's events from its first to `run-end`, live or replayed, and resumes after the last one it has seen when
 * the connection breaks. Resolves when the run has ended or the signal aborts; rejects where the server refuses.
 */
export async function followRun({ run, onEvents, signal, fetch = globalThis.fetch, wait = pause }: Follow) {
  let lastId: string | null = null;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const response = await fetch(`/api/runs/${encodeURIComponent(run)}/events`, {
        signal,
        headers: { Accept: 'text/event-stream', ...(lastId === null ? {} : { 'Last-Event-ID': lastId }) },
      });
      if (response.status === 204) return;
      if (!response.ok) throw readProblem(await response.json().catch(() => null), response.status);
      if (response.body === null) return;
      for await (const batch of readBatches(response.body)) {
        failures = 0;
        lastId = batch.lastId ?? lastId;
        onEvents(batch.events);
        if (batch.events.some((event) => event.type === 'run-end')) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && error.status < 500) throw error;
    }
    failures += 1;
    await wait(Math.min(longestWait, 250 * 2 ** failures), signal);
  }
}

type Batch = { readonly events: readonly RunEvent[]; readonly lastId: string | null };

/** Events in the lots in which they arrive: what one read of the network brings is drawn at once. */
async function* readBatches(body: ReadableStream<Uint8Array>): AsyncGenerator<Batch> {
  // lib.dom types TextDecoderStream's writable side for any BufferSource; a byte stream is one.
  const decoder = new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>;
  const reader = body.pipeThrough(decoder).getReader();
  let arrived: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => arrived.push(message) });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(value);
      if (arrived.length === 0) continue;
      const messages = arrived;
      arrived = [];
      yield {
        // Both sides are made from the same contract.
        events: messages.map(({ data }) => JSON.parse(data) as RunEvent),
        lastId: messages.findLast(({ id }) => id !== undefined)?.id ?? null,
      };
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
