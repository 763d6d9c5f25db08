import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

export type FakeRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
};

export type FakeHttpServer = {
  readonly address: string;
  readonly requests: readonly FakeRequest[];
  /** How many were opened so far. */
  countConnections(): number;
};

/** Answers for one request; `response` is there for what an answer alone cannot say, such as one that breaks off. */
export type FakeAnswer = (request: FakeRequest, response: ServerResponse) => void;

/** A server on the loopback interface that lives as long as the test. */
export async function startFakeHttpServer(answer: FakeAnswer): Promise<FakeHttpServer> {
  const requests: FakeRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece);
    const text = Buffer.concat(pieces).toString('utf8');
    const request = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      headers: incoming.headers,
      body: text === '' ? null : JSON.parse(text),
    };
    requests.push(request);
    answer(request, response);
  });
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The fake server has no port.');
  return { address: `http://127.0.0.1:${address.port}`, requests, countConnections: () => connections };
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
