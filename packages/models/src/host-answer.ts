import { createParser } from 'eventsource-parser';
import type { Dispatcher } from 'undici';
import { z } from 'zod';

export type HostQuestion = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body: object;
};

/** An answer that a host writes while it is read. */
export type HostAnswer = {
  /** Text as it comes, each character whole. To be iterated once; leaving the iteration ends nothing. */
  readonly pieces: AsyncIterable<string>;
  /**
   * Whoever reads must call it. Where the host has said all that it had to say, the connection is kept for the next
   * question; otherwise it is closed, by which the host learns that nobody listens any more.
   */
  end(hasSaidAll: boolean): void;
};

/** What a host said instead of an answer, or in the middle of one: then without a status. */
export class HostWords extends Error {
  override readonly name = 'HostWords';
  readonly status: number | null;

  constructor(said: string, status: number | null) {
    super(said);
    this.status = status;
  }
}

/** After its final mark a host may take so long to end its answer; then its connection is not worth keeping. */
const endMilliseconds = 1000;

/** A host that sends a question round in a circle. */
const mostMoves = 5;

/** Asks, and is back when the host begins to answer. Throws `HostWords` where that has another status than a good one. */
export async function openAnswer(
  dispatcher: Dispatcher,
  question: HostQuestion,
  signal: AbortSignal,
  moves = 0,
): Promise<HostAnswer> {
  const { url, headers, body } = question;
  signal.throwIfAborted();
  const answer = await dispatcher.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'kumiki', ...headers },
    body: JSON.stringify(body),
    signal,
  });
  const { statusCode, body: stream } = answer;
  // Here and not by an interceptor of undici, whose layers every piece of an answer would have to pass.
  const { location } = answer.headers;
  if ((statusCode === 307 || statusCode === 308) && typeof location === 'string' && moves < mostMoves) {
    stream.dump().catch(() => undefined);
    return openAnswer(dispatcher, followMove(question, location), signal, moves + 1);
  }
  if (statusCode < 200 || statusCode > 299) {
    const text = await stream.text();
    throw new HostWords(readWords(text) ?? `It answered with status ${statusCode}.`, statusCode);
  }
  // An abort between two pieces is told by the next; until then nobody listens for it.
  stream.on('error', () => undefined);
  return {
    pieces: decodePieces(stream.iterator({ destroyOnReturn: false })),
    end(hasSaidAll) {
      if (hasSaidAll) {
        const late = AbortSignal.timeout(endMilliseconds);
        stream.dump({ limit: Number.MAX_SAFE_INTEGER, signal: late }).catch(() => undefined);
      } else stream.destroy();
    },
  };
}

/** The key goes nowhere but where it was meant for. */
function followMove(
  { url, headers: { authorization, ...headers }, body }: HostQuestion,
  location: string,
): HostQuestion {
  const moved = new URL(location, url);
  const mayKnow = moved.origin === url.origin && authorization !== undefined;
  return { url: moved, headers: { ...headers, ...(mayKnow && { authorization }) }, body };
}

/** Characters that are cut in two by the border of two chunks are made whole. */
export async function* decodePieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
}

/** The data of each server-sent event. */
export async function* readEventData(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  const ready: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => ready.push(data) });
  for await (const piece of pieces) {
    parser.feed(piece);
    yield* ready.splice(0);
  }
}

/** The lines that are not empty, the last one also where no line break ends it. */
export async function* readLines(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let begun = '';
  for await (const piece of pieces) {
    const lines = `${begun}${piece}`.split('\n');
    begun = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield line;
  }
  if (begun.trim() !== '') yield begun;
}

const wordsSchema = z.union([
  z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
  z.object({ error: z.string() }).transform(({ error }) => error),
  z.object({ message: z.string() }).transform(({ message }) => message),
  z.object({ detail: z.string() }).transform(({ detail }) => detail),
]);

/** What an error says, in any of the shapes in which hosts and what stands before them put it; null where it says nothing. */
function readWords(text: string): string | null {
  const words = wordsSchema.safeParse(parseJson(text));
  const said = words.success ? words.data : text;
  return said.trim() === '' ? null : said;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
