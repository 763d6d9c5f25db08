/** The least that may stand between a caller and a model host: a request goes on as it came, and so does its answer. */
import { Agent, request as ask, createServer } from 'node:http';
import { z } from 'zod';
import { readScriptOptions } from './child-script.ts';

const { address } = readScriptOptions(z.object({ address: z.string() }));
const agent = new Agent({ keepAlive: true });

const server = createServer((request, response) => {
  const { method, headers } = request;
  const asked = ask(new URL(request.url ?? '/', address), { agent, method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  asked.on('error', () => response.destroy());
  request.pipe(asked);
});
server.listen(0, '127.0.0.1', () => {
  const place = server.address();
  if (place === null || typeof place === 'string') throw new Error('The proxy got no port.');
  console.log(JSON.stringify({ address: `http://127.0.0.1:${place.port}` }));
});
