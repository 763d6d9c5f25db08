import type { JsonValue } from '@kumiki/flow';
import type { NewRun } from '@kumiki/store';
import { checkMayCall } from '../access/require-caller.ts';
import * as contract from '../contract/v1.ts';
import { type CallerPresence, watchCaller } from '../http/caller-presence.ts';
import type { App } from '../http/environment.ts';
import type { ServerSentEvent } from '../http/event-stream.ts';
import { readIdempotencyKey } from '../http/idempotency-key.ts';
import { describeProblem } from '../http/problem.ts';
import { enqueueRun } from '../runs/start-run.ts';
import { type Answering, askForCaller } from '../serving/answer.ts';
import { openCall } from '../serving/conversation.ts';
import { describeEndpoint } from '../serving/endpoint-document.ts';
import { chooseArm } from '../serving/endpoint-table.ts';
import { streamAnswering } from '../serving/stream-answering.ts';
import type { Workbench } from '../workbench.ts';

export function addEndpointCallRoutes(app: App, workbench: Workbench): void {
  const { configuration, endpoints, log, running } = workbench;
  const { database } = workbench.store;

  app.openapi(contract.callEndpoint, async (context) => {
    const caller = context.get('caller');
    const { slug } = context.req.valid('param');
    checkMayCall(caller, slug);
    const endpoint = await endpoints.find(caller.workspace, slug);
    // JSON by its way here; the input nodes check the values.
    const json = context.req.valid('json') as { inputs: Record<string, JsonValue>; [name: string]: JsonValue };
    const { inputs } = json;
    const { conversation: name, subject } = context.req.valid('json');
    const chooseRoute = async () => {
      const conversation =
        name === undefined
          ? null
          : await openCall(
              database,
              { workspace: caller.workspace, endpoint: endpoint.id, name },
              { takes: endpoint.arms[0].interface.inputs, inputs },
            );
      const arm = chooseArm(endpoint, { subject, conversation: name, kept: conversation?.route ?? null });
      return { conversation, arm };
    };
    const route = `/v1/endpoints/${slug}`;
    const key = readIdempotencyKey(context.req);
    const language = context.req.header('accept-language');

    if (/(^|[,\s])respond-async\b/.test(context.req.header('prefer') ?? '')) {
      const { flow, version, build, output } = (await chooseRoute()).arm.route;
      const asked: NewRun = {
        workspace: caller.workspace,
        kind: 'question',
        flow,
        version,
        build,
        request: { output },
        inputs,
        endpoint: endpoint.id,
        arm: output,
        apiKey: caller.kind === 'key' ? caller.id : null,
        subject: subject ?? null,
        conversation: name ?? null,
      };
      // Part of what was asked: a run's id is no answer to who waits for one.
      const body = { ...json, prefer: 'respond-async' };
      const run = await enqueueRun(running, asked, key === undefined ? null : { caller, route, key, body });
      context.header('location', `/v1/runs/${run}`);
      context.header('preference-applied', 'respond-async');
      return context.json({ run }, 202);
    }

    const wantsStream = (context.req.header('accept') ?? '').includes('text/event-stream');
    const presence = watchCaller(context.req.raw.signal, running.closing);
    const answering = await askForCaller(
      running,
      presence,
      async () => ({ ...(await chooseRoute()), endpoint, caller, subject: subject ?? null, inputs }),
      key === undefined ? null : { caller, route, key, body: json },
    );
    if (!wantsStream) return context.json(await answering.answer, 200);
    return (await streamAnswering(answering, {
      produce: (signal) => tellAnswering(answering, { language, signal, presence }),
      onFailure,
      connection: context.env?.outgoing?.socket,
    })) as never;
  });

  app.openapi(contract.getEndpointDocument, async (context) => {
    const caller = context.get('caller');
    const { slug } = context.req.valid('param');
    checkMayCall(caller, slug);
    const { arms } = await endpoints.find(caller.workspace, slug);
    const address = configuration.publicUrl?.origin ?? new URL(context.req.url).origin;
    const document = describeEndpoint({
      slug,
      flowName: arms[0].plan.document.name,
      address,
      inputs: arms[0].interface.inputs,
    });
    return context.json(document, 200);
  });

  function onFailure(error: unknown): void {
    log.error({ error }, 'answer stream failed');
  }
}

async function* tellAnswering(
  { text, answer }: Answering,
  options: {
    readonly language: string | undefined;
    readonly signal: AbortSignal;
    readonly presence: CallerPresence;
  },
): AsyncGenerator<ServerSentEvent> {
  const { language, signal, presence } = options;
  const stop = () => presence.leave(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  let sent = '';
  for await (const delta of text) {
    sent += delta;
    yield { event: 'delta', data: { text: delta } };
  }
  try {
    const answered = await answer;
    const rest = findRest(answered.output, sent);
    if (rest !== '') yield { event: 'delta', data: { text: rest } };
    yield { event: 'answer', data: answered };
  } catch (error) {
    yield { event: 'error', data: describeProblem(error, language) };
  }
}

/** What of a text did not come as deltas, such as the sentence that says that nothing was found. */
export function findRest(output: unknown, sent: string): string {
  return typeof output === 'string' && output.startsWith(sent) ? output.slice(sent.length) : '';
}
