/**
 * A chat model on processors of its own: it says its first word after a while, and more of them at a steady pace, and
 * takes next to nothing of this machine.
 */
import { createServer } from 'node:http';
import { z } from 'zod';
import { readScriptOptions } from './child-script.ts';

const { milliseconds, words, pace } = readScriptOptions(
  z.object({
    milliseconds: z.number(),
    words: z.int().default(1),
    /** Milliseconds from one word to the next. */
    pace: z.number().default(0),
  }),
);
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
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (chunk: object) => response.write(`data: ${JSON.stringify({ ...head, ...chunk })}\n\n`);
    const began = performance.now();
    const sayWord = (place: number) => {
      send({ choices: [{ index: 0, delta: { content: `ready${place} ` }, finish_reason: null }] });
      // By the clock and not by the last word, so that what a word took does not add up.
      const next = Math.max(0, began + (place + 1) * pace - performance.now());
      if (place + 1 < words) setTimeout(sayWord, next, place + 1);
      else end();
    };
    const end = () => {
      send({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
      send({ choices: [], usage: { prompt_tokens: 1, completion_tokens: words, total_tokens: words + 1 } });
      response.end('data: [DONE]\n\n');
    };
    sayWord(0);
  }, milliseconds);
});
server.listen(0, '127.0.0.1', () => {
  const place = server.address();
  if (place === null || typeof place === 'string') throw new Error('The model got no port.');
  console.log(JSON.stringify({ address: `http://127.0.0.1:${place.port}` }));
});
