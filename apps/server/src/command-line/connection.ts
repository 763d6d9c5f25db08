import { createClient, type KumikiClient } from '@kumiki/client';
import type { Configuration } from '../configuration.ts';
import type { ProblemDetails } from '../http/problem.ts';
import { openProgram } from '../open-program.ts';
import { findServer } from '../server-record.ts';
import { ProblemError } from './failure.ts';

/** The way to a data folder: through the server that holds it, or by opening it here. */
export type Connection = {
  readonly client: KumikiClient;
  /** For what the typed client cannot do: streams and bytes. Throws a ProblemError where the answer is a problem. */
  request(path: string, options?: RequestInit): Promise<Response>;
  close(): Promise<void>;
};

const localAddress = 'http://127.0.0.1';

/** Throws what `openProgram` throws where no server runs and the folder cannot be opened. */
export async function connect(configuration: Configuration): Promise<Connection> {
  const server = await findServer(configuration.dataFolder);
  if (server !== null) return makeConnection({ ...server, send: (request) => fetch(request), close: async () => {} });
  const { workbench, application } = await openProgram(configuration);
  try {
    await workbench.running.startWork();
  } catch (error) {
    await workbench.close();
    throw error;
  }
  return makeConnection({
    address: localAddress,
    token: workbench.localToken,
    send: async (request) => {
      request.headers.set('host', new URL(localAddress).host);
      return application.fetch(request);
    },
    close: () => workbench.close(),
  });
}

function makeConnection(way: {
  readonly address: string;
  readonly token: string;
  readonly send: (request: Request) => Promise<Response>;
  readonly close: () => Promise<void>;
}): Connection {
  const { address, token, send, close } = way;
  const fetchByWay: typeof fetch = (input, options) => send(new Request(input, options));
  return {
    client: createClient({ address, key: token, fetch: fetchByWay }),
    async request(path, options = {}) {
      const headers = new Headers(options.headers);
      headers.set('authorization', `Bearer ${token}`);
      const answer = await send(new Request(new URL(path, address), { ...options, headers }));
      if (!answer.ok) throw new ProblemError((await answer.json()) as ProblemDetails);
      return answer;
    },
    close,
  };
}

/** The answer itself. Throws a ProblemError where it is a problem. */
export async function unwrap<Data>(
  answer: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<NonNullable<Data>> {
  const { data, error } = await answer;
  // The contract has problem details for every error.
  if (data === undefined || data === null) throw new ProblemError(error as ProblemDetails);
  return data;
}
