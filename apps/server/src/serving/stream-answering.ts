import { type Corkable, type ServerSentEvent, sendTogether, streamEvents } from '../http/event-stream.ts';
import type { Answering } from './answer.ts';

/**
 * An answer as a stream. It is made ready while the model reads the question, so that the first word finds all of it there.
 * What fails before that word is an answer with a status, so it is thrown; afterwards it is an event of `produce`.
 */
export async function streamAnswering(
  { text, answer }: Pick<Answering, 'text' | 'answer'>,
  {
    produce,
    onFailure,
    connection,
  }: {
    readonly produce: (signal: AbortSignal) => AsyncIterable<ServerSentEvent>;
    readonly onFailure: (error: unknown) => void;
    readonly connection: Corkable | null | undefined;
  },
): Promise<Response> {
  const stream = streamEvents(produce, { onFailure });
  try {
    // An arm that puts nothing out has no text, and answers all the same.
    if (!(await text.begun)) await answer;
  } catch (error) {
    await stream.body?.cancel();
    throw error;
  }
  sendTogether(connection);
  return stream;
}
