import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { embedText, fakeDimensions } from './fake-model-host.ts';
import { Gate, type Pause } from './gate.ts';

export type { Pause } from './gate.ts';

/** The name makes Kumiki put `passage: ` and `query: ` in front of texts, so that the two can be told apart here. */
export const scriptedEmbedding = 'scripted-e5';
export const scriptedChat = 'scripted-chat';

/** A request before it is answered, by its route, such as `POST /api/embed`, and the model that it names, if any. */
export type ModelRequest = { readonly route: string; readonly model: string | null };

/** What comes in the place of an answer; `cut`: its connection ends without a word. */
export type Interference = { readonly status: number; readonly body: string } | 'cut';

type Interfere = (request: ModelRequest) => Promise<Interference | undefined>;

/**
 * A model server without models, over HTTP: OpenAI's routes (no digests) and Ollama's (digests). Embeddings come from
 * character bigrams; a chat quotes the first sentence of the first passage, with its number.
 */
export type ScriptedModels = {
  /** `http://127.0.0.1:…` */
  readonly address: string;
  /** Passages that were embedded, without their prefix, in order. */
  readonly embeddedPassages: readonly string[];
  /** The last user message of each chat. */
  readonly questions: readonly string[];
  /** Chats whose caller left before the end. */
  readonly abandonedChats: () => number;
  /** Calls for embeddings that are being answered. */
  readonly embeddingCalls: () => number;
  /** Instead of the quote; null: the quote again. */
  answerWith(answer: string | null): void;
  /** As if other weights had been pulled under the same name. Only Ollama's routes tell digests. */
  changeDigest(model: string, digest: string): void;
  /** Lets so many passages through, then holds. */
  pauseEmbeddings(after: number): Pause;
  /** Lets so many pieces of each answer through, then holds. */
  pauseChats(after: number): Pause;
  /** Called with each request, which waits for it; where it gives nothing, the answer is the usual one. null: nobody. */
  interfere(handler: Interfere | null): void;
  /** Ends every connection without a word, as a server does that is killed; new ones are answered. */
  cutConnections(): void;
  stop(): Promise<void>;
};

const messageSchema = z.object({ role: z.string(), content: z.string() });
const embedSchema = z.object({ model: z.string(), input: z.union([z.string(), z.array(z.string())]) });
const chatSchema = z.object({ model: z.string(), messages: z.array(messageSchema) });
const namedSchema = z.object({ model: z.string() });
const passagePrefix = 'passage: ';

export async function startScriptedModels(): Promise<ScriptedModels> {
  const digests = new Map([
    [scriptedEmbedding, 'e'.repeat(64)],
    [scriptedChat, 'c'.repeat(64)],
  ]);
  const embeddedPassages: string[] = [];
  const questions: string[] = [];
  let abandonedChats = 0;
  let embeddingCalls = 0;
  let interference: Interfere | null = null;
  let fixedAnswer: string | null = null;
  let embeddingGate: Gate | null = null;
  let chatGate: Gate | null = null;

  async function embed(model: string, texts: readonly string[]): Promise<number[][]> {
    if (model !== scriptedEmbedding) throw new Refusal(400, 'This server does not support embeddings');
    const passages = texts.flatMap((text) => (text.startsWith(passagePrefix) ? text.slice(passagePrefix.length) : []));
    for (const passage of passages) {
      await embeddingGate?.pass();
      embeddedPassages.push(passage);
    }
    return texts.map((text) => [...embedText(text.replace(/^(passage|query): /, ''))]);
  }

  async function* chat(model: string, messages: readonly z.infer<typeof messageSchema>[]): AsyncGenerator<string> {
    if (model !== scriptedChat) throw new Refusal(404, `model '${model}' not found`);
    const question = messages.findLast(({ role }) => role === 'user')?.content ?? '';
    questions.push(question);
    const gate = chatGate?.renew();
    for (const piece of (fixedAnswer ?? quoteFirstPassage(question)).match(/.{1,5}/gsu) ?? []) {
      await gate?.pass();
      yield piece;
    }
  }

  /** Each route answers with JSON, or streams by itself and gives undefined. */
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<object | undefined> {
    const body = await readJson(request);
    const route = `${request.method} ${request.url}`;
    const instead = await interference?.({ route, model: namedSchema.safeParse(body).data?.model ?? null });
    if (instead !== undefined) return interrupt(response, instead);
    switch (route) {
      case 'GET /v1/models':
        return { object: 'list', data: [...digests.keys()].map((id) => ({ id, object: 'model', owned_by: 'test' })) };
      case 'POST /v1/embeddings': {
        const { model, input } = embedSchema.parse(body);
        const vectors = await embed(model, [input].flat());
        const data = vectors.map((embedding, index) => ({ object: 'embedding', index, embedding }));
        return { object: 'list', model, data, usage: { prompt_tokens: data.length, total_tokens: data.length } };
      }
      case 'POST /v1/chat/completions': {
        const { model, messages } = chatSchema.parse(body);
        const head = { id: 'chat', object: 'chat.completion.chunk', created: 0, model };
        const write = (chunk: object | string) =>
          response.write(`data: ${typeof chunk === 'string' ? chunk : JSON.stringify({ ...head, ...chunk })}\n\n`);
        let pieces = 0;
        for await (const content of chat(model, messages)) {
          if (pieces === 0) response.writeHead(200, { 'content-type': 'text/event-stream' });
          write({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
          pieces += 1;
        }
        write({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
        write({ choices: [], usage: { prompt_tokens: 7, completion_tokens: pieces, total_tokens: 7 + pieces } });
        write('[DONE]');
        response.end();
        return undefined;
      }
      case 'GET /api/version':
        return { version: '0.34.1' };
      case 'GET /api/tags':
        return { models: [...digests].map(([name, digest]) => ({ name, digest, size: 1_000, details: {} })) };
      case 'POST /api/show':
        return describeForOllama(z.object({ model: z.string() }).parse(body).model);
      case 'POST /api/embed': {
        const { model, input } = embedSchema.parse(body);
        const embeddings = await embed(model, [input].flat());
        return { model, embeddings, prompt_eval_count: embeddings.length };
      }
      case 'POST /api/chat': {
        const { model, messages } = chatSchema.parse(body);
        const write = (part: object) => response.write(`${JSON.stringify({ model, ...part })}\n`);
        let pieces = 0;
        for await (const content of chat(model, messages)) {
          write({ message: { role: 'assistant', content }, done: false });
          pieces += 1;
        }
        const counts = { prompt_eval_count: 7, eval_count: pieces };
        write({ message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop', ...counts });
        response.end();
        return undefined;
      }
      default:
        throw new Refusal(404, 'not found');
    }
  }

  const server = createServer((request, response) => {
    const isEmbedding = request.url === '/v1/embeddings' || request.url === '/api/embed';
    if (isEmbedding) embeddingCalls += 1;
    response.on('close', () => {
      if (isEmbedding) embeddingCalls -= 1;
      const isChat = request.url === '/v1/chat/completions' || request.url === '/api/chat';
      if (isChat && !response.writableEnded) abandonedChats += 1;
    });
    answer(request, response).then(
      (json) => {
        if (json !== undefined) response.setHeader('content-type', 'application/json').end(JSON.stringify(json));
      },
      (error: unknown) => {
        if (response.headersSent) response.destroy();
        else response.writeHead(error instanceof Refusal ? error.status : 500, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: { message: String(error) } }));
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const place = server.address();
  if (place === null || typeof place === 'string') throw new Error('The scripted models got no port.');

  return {
    address: `http://127.0.0.1:${place.port}`,
    embeddedPassages,
    questions,
    abandonedChats: () => abandonedChats,
    embeddingCalls: () => embeddingCalls,
    answerWith: (given) => {
      fixedAnswer = given;
    },
    changeDigest: (model, digest) => digests.set(model, digest),
    pauseEmbeddings: (after) => {
      embeddingGate = new Gate(after);
      return embeddingGate;
    },
    pauseChats: (after) => {
      chatGate = new Gate(after);
      return chatGate;
    },
    interfere: (handler) => {
      interference = handler;
    },
    cutConnections: () => server.closeAllConnections(),
    stop: () =>
      new Promise((resolve) => {
        embeddingGate?.release();
        chatGate?.release();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function interrupt(response: ServerResponse, instead: Interference): undefined {
  if (instead === 'cut') response.destroy();
  else response.writeHead(instead.status, { 'content-type': 'application/json' }).end(instead.body);
  return undefined;
}

/** Passages stand in prompts as `[1] name › heading`, then the text, whose headings end without a full stop. */
function quoteFirstPassage(prompt: string): string {
  const [, passage] = prompt.split(/^\[\d+\] .*$/mu);
  const sentence = /^.*?[。.]/mu.exec(passage ?? '')?.[0] ?? passage;
  return sentence === undefined ? `You said: ${prompt}` : `${sentence.trim()} [1]`;
}

function describeForOllama(model: string) {
  const isEmbedding = model === scriptedEmbedding;
  return {
    capabilities: [isEmbedding ? 'embedding' : 'completion'],
    template: '{{ .Prompt }}',
    model_info: {
      'general.architecture': 'test',
      'test.context_length': 8_192,
      ...(isEmbedding ? { 'test.embedding_length': fakeDimensions } : {}),
    },
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const piece of request.setEncoding('utf8')) text += piece;
  return text === '' ? null : JSON.parse(text);
}
