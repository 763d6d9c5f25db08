const encoder = new TextEncoder();
const heartbeat = encoder.encode(': still here\n\n');
const heartbeatMilliseconds = 15_000;

/** A socket: what is written to it while it is corked goes out by one write. */
export type Corkable = { cork(): void; uncork(): void };

/**
 * For an answer whose first event is there by now: it goes out together with the head, by one write and not by two. To write
 * to a socket is most of what an event costs. Between here and the connection are streams that take microtasks only.
 */
export function sendTogether(connection: Corkable | null | undefined): void {
  if (connection == null) return;
  connection.cork();
  queueMicrotask(() => process.nextTick(() => connection.uncork()));
}

export type ServerSentEvent = { readonly id?: number | string; readonly event?: string; readonly data: unknown };

/**
 * An answer of server-sent events, at the pace of its reader. `produce` is asked for its first event at once, whether
 * somebody reads yet or not; a dropped client aborts the signal that it gets. It has to turn its own failures into events:
 * anything that it throws ends the stream without a word, so that no message of an error can leak (hono's streamSSE sends it).
 */
export function streamEvents(
  produce: (signal: AbortSignal) => AsyncIterable<ServerSentEvent>,
  options: {
    readonly onFailure: (error: unknown) => void;
    readonly signal?: AbortSignal;
  },
): Response {
  const gone = new AbortController();
  const signal = options.signal === undefined ? gone.signal : AbortSignal.any([gone.signal, options.signal]);
  const events = produce(signal)[Symbol.asyncIterator]();
  let timer: NodeJS.Timeout;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      timer = setInterval(() => controller.enqueue(heartbeat), heartbeatMilliseconds);
      timer.unref();
    },
    async pull(controller) {
      try {
        const { done, value } = await events.next();
        if (!done) return controller.enqueue(encoder.encode(formatEvent(value)));
      } catch (error) {
        if (!signal.aborted) options.onFailure(error);
      }
      clearInterval(timer);
      if (!gone.signal.aborted) controller.close();
    },
    async cancel() {
      clearInterval(timer);
      gone.abort(new DOMException('The client is gone', 'AbortError'));
      // Not awaited: a producer that waits for its next event only returns once the abort has woken it.
      events.return?.()?.catch(() => {});
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    },
  });
}

/** JSON has no line breaks outside of strings, and escapes those inside: one `data` line always does. */
function formatEvent({ id, event, data }: ServerSentEvent): string {
  const lines = [
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(event === undefined ? [] : [`event: ${event}`]),
    `data: ${typeof data === 'string' ? data : JSON.stringify(data)}`,
  ];
  return `${lines.join('\n')}\n\n`;
}
