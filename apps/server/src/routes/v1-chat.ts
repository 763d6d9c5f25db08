import type { JsonValue } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';
import { mayCall } from '../access/require-caller.ts';
import * as contract from '../contract/v1.ts';
import { watchCaller } from '../http/caller-presence.ts';
import type { App } from '../http/environment.ts';
import type { ServerSentEvent } from '../http/event-stream.ts';
import { readIdempotencyKey } from '../http/idempotency-key.ts';
import { describeOpenAiError } from '../http/openai-error.ts';
import { describeProblem } from '../http/problem.ts';
import { type Answer, type Answering, askForCaller } from '../serving/answer.ts';
import { type ChatCompletionRequest, fillInputs, readChatRequest } from '../serving/chat-request.ts';
import { formatChatText } from '../serving/chat-text.ts';
import { chooseArm } from '../serving/endpoint-table.ts';
import { streamAnswering } from '../serving/stream-answering.ts';
import type { Workbench } from '../workbench.ts';
import { findRest } from './v1-endpoints.ts';

/** Routes in OpenAI's shape: an endpoint is a model. */
export function addChatRoutes(app: App, { endpoints, log, running }: Workbench): void {
  app.openapi(contract.listServedModels, async (context) => {
    const caller = context.get('caller');
    const rows = await endpoints.list(caller.workspace);
    const data = rows.filter(({ slug }) => mayCall(caller, slug)).map(describeModel);
    return context.json({ object: 'list' as const, data }, 200);
  });

  app.openapi(contract.getServedModel, async (context) => {
    const caller = context.get('caller');
    const { slug } = context.req.valid('param');
    const row = (await endpoints.list(caller.workspace)).find((endpoint) => endpoint.slug === slug);
    if (row === undefined || !mayCall(caller, slug)) throw refuseUnknownModel(slug);
    return context.json(describeModel(row), 200);
  });

  app.openapi(contract.completeChat, async (context) => {
    const caller = context.get('caller');
    const request = readChatRequest(context.req.valid('json'));
    if (!mayCall(caller, request.model)) throw refuseUnknownModel(request.model);
    const endpoint = await Promise.resolve(endpoints.find(caller.workspace, request.model)).catch((error: unknown) => {
      throw error instanceof KumikiError && error.code === 'endpoint-unknown'
        ? refuseUnknownModel(request.model)
        : error;
    });
    const arm = chooseArm(endpoint, { subject: request.subject ?? undefined });
    const inputs = fillInputs(arm.interface.inputs, request.messages);
    if (inputs === null) throw refuseShape(request.model);
    const presence = watchCaller(context.req.raw.signal, running.closing);
    const question = { endpoint, arm, caller, subject: request.subject, inputs, conversation: null };
    const key = readIdempotencyKey(context.req);
    // JSON by its way here.
    const body = context.req.valid('json') as JsonValue;
    const answering = await askForCaller(
      running,
      presence,
      async () => question,
      key === undefined ? null : { caller, route: '/v1/chat/completions', key, body },
    );
    if (!request.stream) return context.json(describeCompletion(await answering.answer, request), 200);
    const language = context.req.header('accept-language');
    return (await streamAnswering(answering, {
      produce(dropped) {
        dropped.addEventListener('abort', () => presence.leave(dropped.reason), { once: true });
        return tellChunks(answering, request, language);
      },
      onFailure: (error) => log.error({ error }, 'chat stream failed'),
      connection: context.env?.outgoing?.socket,
    })) as never;
  });
}

async function* tellChunks(
  { run, text, answer }: Answering,
  request: ChatCompletionRequest,
  language: string | undefined,
): AsyncGenerator<ServerSentEvent> {
  const head = {
    id: `chatcmpl-${run}`,
    object: 'chat.completion.chunk',
    created: Math.floor(Date.now() / 1_000),
    model: request.model,
    ...(request.includeUsage ? { usage: null } : {}),
  };
  const makeChunk = (delta: object, reason: string | null) => ({
    data: { ...head, choices: [{ index: 0, delta, finish_reason: reason, logprobs: null }] },
  });
  yield makeChunk({ role: 'assistant', content: '' }, null);
  let sent = '';
  for await (const delta of text) {
    sent += delta;
    yield makeChunk({ content: delta }, null);
  }
  try {
    const answered = await answer;
    const rest = sent === '' ? formatChatText(answered.output) : findRest(answered.output, sent);
    if (rest !== '') yield makeChunk({ content: rest }, null);
    yield makeChunk({}, 'stop');
    if (request.includeUsage) yield { data: { ...head, choices: [], usage: describeUsage(answered) } };
    yield { data: '[DONE]' };
  } catch (error) {
    yield { data: describeOpenAiError(describeProblem(error, language)) };
  }
}

function describeCompletion(answer: Answer, { model }: ChatCompletionRequest) {
  return {
    id: `chatcmpl-${answer.run}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1_000),
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: formatChatText(answer.output), refusal: null },
        finish_reason: 'stop',
        logprobs: null,
      },
    ],
    usage: describeUsage(answer),
    kumiki: { run: answer.run, citations: answer.citations },
  };
}

function describeUsage({ usage: { promptTokens, completionTokens } }: Answer) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}

function describeModel({ slug, createdAt }: { readonly slug: string; readonly createdAt: Date }) {
  return {
    id: slug,
    object: 'model' as const,
    created: Math.floor(createdAt.getTime() / 1_000),
    owned_by: 'kumiki' as const,
  };
}

function refuseUnknownModel(model: string): KumikiError {
  return new KumikiError({
    code: 'model_not_found',
    status: 404,
    path: 'model',
    message: {
      en: `There is no endpoint “${model}”, or this API key may not call it. GET /v1/models lists those that it may.`,
      ja: `エンドポイント「${model}」がないか、この API キーでは呼び出せません。GET /v1/models で一覧を確認できます。`,
    },
  });
}

function refuseShape(model: string): KumikiError {
  return new KumikiError({
    code: 'not-a-chat',
    status: 400,
    path: 'model',
    message: {
      en: `The flow behind “${model}” needs other inputs than a conversation. Call POST /v1/endpoints/${model} instead.`,
      ja: `「${model}」のフローには、会話以外の入力が必要です。POST /v1/endpoints/${model} を呼び出してください。`,
    },
  });
}
