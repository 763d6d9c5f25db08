/** A chat model that says one word after a while: what a branch of a flow waits for. */
import { createServer } from 'node:http';
import { z } from 'zod';
import { readScriptOptions } from './child-script.ts';

const { milliseconds } = readScriptOptions(z.object({ milliseconds: z.number() }));
const head = { id: 'chat', object: 'chat.completion.chunk', created: 0, model: 'slow' };

const server = createServer((request, response) => {
  request.resume();
  if (request.url === '/v1/embeddings') {
    response.writeHead(501, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: 'This server does not support embeddings' } }));
    return;
  }
  if (request.method === 'GET') {
    const models = { object: 'list', data: [{ id: 'slow', object: 'model', owned_by: 'bench' }] };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(models));
    return;
  }
  setTimeout(() => {
    const chunks = [
      { choices: [{ index: 0, delta: { content: 'ready' }, finish_reason: null }] },
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
      { choices: [], usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } },
    ];
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const chunk of chunks) response.write(`data: ${JSON.stringify({ ...head, ...chunk })}\n\n`);
    response.end('data: [DONE]\n\n');
  }, milliseconds);
});
server.listen(0, '127.0.0.1', () => {
  const place = server.address();
  if (place === null || typeof place === 'string') throw new Error('The model got no port.');
  console.log(JSON.stringify({ address: `http://127.0.0.1:${place.port}` }));
});
