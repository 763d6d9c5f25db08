import { createClient, type KumikiClient, type Schemas } from '@kumiki/client';
import type { FlowDocument, JsonValue } from '@kumiki/flow';
import { EventSourceParserStream } from 'eventsource-parser/stream';

/** Somebody who may call a running Kumiki: a person with a cookie, or a program with a key. */
export type KumikiSession = {
  /** `http://127.0.0.1:…` */
  readonly address: string;
  readonly client: KumikiClient;
  /** For streams, bytes and headers that the typed client does not know. */
  request(path: string, options?: RequestInit): Promise<Response>;
};

export type RunEvent = Schemas['RunEvent'];
export type RunEnd = Extract<RunEvent, { type: 'run-end' }>;
export type Problem = Schemas['ProblemDetails'];

/** What a run told, all of it. */
export type FollowedRun = { readonly run: string; readonly events: readonly RunEvent[]; readonly end: RunEnd };

/** An answer that is a problem, where a test did not expect one. */
export class UnexpectedProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`);
    this.problem = problem;
  }
}

export function openSession(address: string, credentials: Readonly<Record<string, string>>): KumikiSession {
  const send: typeof fetch = (input, options) => {
    const request = new Request(input, options);
    for (const [name, value] of Object.entries(credentials)) request.headers.set(name, value);
    return fetch(request);
  };
  return {
    address,
    client: createClient({ address, fetch: send }),
    request: (path, options) => send(new URL(path, address), options),
  };
}

/** Signs in by a one-time link. */
export async function signInBy(link: string): Promise<KumikiSession> {
  const { origin, searchParams } = new URL(link);
  const answer = await fetch(`${origin}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: searchParams.get('token') }),
  });
  const [cookie] = answer.headers.getSetCookie();
  if (!answer.ok || cookie === undefined) throw new Error(`Signing in failed: ${await answer.text()}`);
  return openSession(origin, { cookie: cookie.split(';', 1)[0] ?? '' });
}

/** The answer itself. Rejects with an UnexpectedProblem where it is one. */
export async function unwrap<Data>(
  answer: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<NonNullable<Data>> {
  const { data, error } = await answer;
  // The contract has problem details for every error.
  if (data === undefined || data === null) throw new UnexpectedProblem(error as Problem);
  return data;
}

export function createFlow({ client }: KumikiSession, document: FlowDocument) {
  return unwrap(client.POST('/api/flows', { body: { document } }));
}

/** Makes a collection of files by their names. */
export async function uploadCollection(
  session: KumikiSession,
  name: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string> {
  const { id } = await unwrap(session.client.POST('/api/collections', { body: { name } }));
  await putFiles(session, id, files);
  return id;
}

/** Adds files to a collection, or replaces those of the same name. */
export async function putFiles(
  session: KumikiSession,
  collection: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const answer = await session.request(`/api/collections/${collection}/files/${encodeURIComponent(name)}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: typeof content === 'string' ? content : new Uint8Array(content),
    });
    if (!answer.ok) throw new UnexpectedProblem(JSON.parse(await answer.text()));
    await answer.body?.cancel();
  }
}

/** Builds the draft, or a version, and waits for its end, whatever that is. */
export async function buildFlow(
  session: KumikiSession,
  flow: string,
  version?: number,
): Promise<FollowedRun & { readonly version: number }> {
  const started = await unwrap(
    session.client.POST('/api/flows/{id}/builds', {
      params: { path: { id: flow } },
      body: version === undefined ? {} : { version },
    }),
  );
  return { ...(await followRun(session, started.run)), version: started.version };
}

export type FlowQuestion = {
  readonly inputs: Readonly<Record<string, JsonValue>>;
  readonly version?: number;
  readonly build?: number;
  readonly output?: string;
  readonly only?: string[];
};

/** Asks the draft, a version or a build, and waits for the end of the run, whatever that is. */
export async function askFlow(session: KumikiSession, flow: string, question: FlowQuestion): Promise<FollowedRun> {
  const { id } = await unwrap(
    session.client.POST('/api/flows/{id}/runs', { params: { path: { id: flow } }, body: question }),
  );
  return followRun(session, id);
}

/** Reads a run's events to its end. */
export async function followRun(session: KumikiSession, run: string): Promise<FollowedRun> {
  const events: RunEvent[] = [];
  for await (const { data } of readEvents(await session.request(`/api/runs/${run}/events`))) {
    const event: RunEvent = JSON.parse(data);
    events.push(event);
    if (event.type === 'run-end') return { run, events, end: event };
  }
  throw new Error(`The events of ${run} ended without run-end: ${JSON.stringify(events.at(-1))}`);
}

export type ServerSentEvent = {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: string;
};

/** The server-sent events of an answer. Rejects where the answer is none. */
export async function* readEvents(answer: Response): AsyncGenerator<ServerSentEvent> {
  if (answer.body === null || !answer.headers.get('content-type')?.startsWith('text/event-stream')) {
    throw new Error(`No event stream: ${answer.status} ${await answer.text()}`);
  }
  const text = answer.body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>);
  for await (const { id, event, data } of text.pipeThrough(new EventSourceParserStream())) yield { id, event, data };
}

/** What an arm answered. Throws where the run failed or the arm was skipped. */
export function readAnswer({ end }: FollowedRun, output: string) {
  const result = end.outputs?.[output];
  if (result?.state === 'answered') return result;
  throw new Error(`"${output}" was not answered: ${JSON.stringify(end)}`);
}
