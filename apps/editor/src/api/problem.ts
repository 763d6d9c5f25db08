import type { Schemas } from '@kumiki/client';
import type { LocalisedText, Problem } from '@kumiki/flow';
import { english } from '../i18n/english.ts';
import { japanese } from '../i18n/texts.ts';

type ProblemDetails = Schemas['ProblemDetails'];

/** What the server refused, with its text in both languages. `status` 0: it could not be reached. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly texts: LocalisedText;
  readonly node: string | null;
  /** What of the request is at fault, as a JSON pointer: `/cron`. */
  readonly path: string | null;
  /** The flow's problems, where they are why it was refused. */
  readonly problems: readonly Problem[];

  constructor(details: {
    code: string;
    status: number;
    texts: LocalisedText;
    node?: string | undefined;
    path?: string | undefined;
    problems?: readonly Problem[];
    cause?: unknown;
  }) {
    super(details.texts.en, { cause: details.cause });
    this.name = 'ApiError';
    this.code = details.code;
    this.status = details.status;
    this.texts = details.texts;
    this.node = details.node ?? null;
    this.path = details.path ?? null;
    this.problems = details.problems ?? [];
  }
}

const unreachable: LocalisedText = { en: english.common.unreachable, ja: japanese.common.unreachable };
const unexpected: LocalisedText = { en: english.common.unexpected, ja: japanese.common.unexpected };

type Call<Data> = Promise<{ data?: Data; error?: unknown; response: Response }>;

/** Waits for a call of the client: its data, or an `ApiError`. Aborted calls stay `AbortError`s. */
export async function unwrap<Data>(call: Call<Data>): Promise<Data> {
  const { data, error, response } = await call.catch(throwUnreachable);
  if (error !== undefined || !response.ok) throw readProblem(error, response.status);
  // A 204 has no data; its type is undefined already.
  return data as Data;
}

function throwUnreachable(cause: unknown): never {
  if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
  throw new ApiError({ code: 'unreachable', status: 0, texts: unreachable, cause });
}

/** Reads problem details; anything else that answered (a proxy, say) becomes a plain text with its status. */
export function readProblem(body: unknown, status: number): ApiError {
  if (!isProblemDetails(body)) return new ApiError({ code: `http-${status}`, status, texts: unexpected });
  return new ApiError({
    code: body.code,
    status,
    texts: body.texts ?? { en: body.detail, ja: body.detail },
    node: body.node,
    path: body.path,
    // The server fills `problems` from checkFlow; the contract leaves their shape to packages/flow.
    problems: (body.problems ?? []) as Problem[],
  });
}

function isProblemDetails(body: unknown): body is ProblemDetails {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}

/** What to show for any thrown thing. */
export function describeError(error: unknown): LocalisedText {
  return error instanceof ApiError ? error.texts : unexpected;
}
