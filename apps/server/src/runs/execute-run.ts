import type { Resources } from '@kumiki/engine';
import { type Build, buildFlow, findBuild, findNamedNodes, type Plan, type RunEvent, runFlow } from '@kumiki/engine';
import type { NodeTypeDescriptions } from '@kumiki/flow';
import { type ArtifactStore, type ErrorReport, KumikiError, reportError, type TokenUsage } from '@kumiki/node-sdk';
import { type Database, nameDatabaseError, type RunRow } from '@kumiki/store';
import type { Log } from '../http/log.ts';
import { type ConversationCall, openCall } from '../serving/conversation.ts';
import { readFlowInterface } from '../serving/flow-interface.ts';
import type { ContractOutputs } from './contract-events.ts';
import { describeOutputs } from './contract-events.ts';
import type { BindServices } from './node-services.ts';
import { findOrigins } from './origins.ts';
import type { Plans } from './plans.ts';

export type ExecutionParts = {
  readonly database: Database;
  readonly plans: Plans;
  readonly descriptions: NodeTypeDescriptions;
  readonly artifacts: ArtifactStore;
  readonly bindServices: BindServices;
  readonly resources: Resources;
  readonly log: Log;
  /** How long a question may take. */
  readonly answerMilliseconds: number;
};

/** How a run ended, before anything of it is written. */
export type RunOutcome = {
  readonly state: 'succeeded' | 'failed' | 'cancelled';
  readonly outputs: ContractOutputs | null;
  readonly usage: TokenUsage;
  readonly error: ErrorReport | null;
  /** What a build made, where it succeeded and shall be numbered. */
  readonly made: { readonly build: Build; readonly plan: Plan } | null;
  /** Where it was part of a conversation: what remembers the answer. */
  readonly conversation?: ConversationCall;
};

const noUsage: TokenUsage = { promptTokens: 0, completionTokens: 0 };

/**
 * Executes a run that was claimed: builds, or asks a build. Everything but `run-end` is told to `emit`. Never rejects:
 * what goes wrong is the outcome.
 */
export async function executeRun(
  parts: ExecutionParts,
  row: RunRow,
  emit: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const { database, plans, artifacts, bindServices, resources, answerMilliseconds } = parts;
  const { workspaceId: workspace, flowId: flow, version } = row;
  try {
    const plan = await plans.find({ workspace, flow, version });
    // A question to a build that is named reads no folder: whatever is read from one was read for the build.
    const readsFolders = row.kind === 'build' || row.request.only !== undefined || row.build === null;
    const services = bindServices(readsFolders ? await findOrigins(database, { workspace, flow, plan }) : () => null);
    const onFailure = logFailure(parts.log, row.id);
    const shared = { plan, workspace, run: row.id, services, signal, resources, onFailure };
    const asking = { ...shared, runDeadlineMilliseconds: answerMilliseconds };
    const owner = formatOwner(row);
    const { only, retrain } = row.request;
    const tell = (event: RunEvent) => {
      if (event.type !== 'run-end') emit(event);
    };
    if (row.kind === 'build' || only !== undefined) {
      const chosen = { ...(only !== undefined && { only }), ...(retrain !== undefined && { retrain }) };
      const result = await buildFlow({ ...shared, artifacts, owner, emit: tell, ...chosen });
      const { state, usage, build } = result;
      const error = result.state === 'failed' ? result.error : null;
      const hasQuestions = only?.some((id) => isRequestTime(plan, id)) ?? false;
      if (state !== 'succeeded' || !hasQuestions || only === undefined) {
        const made = row.kind === 'build' && state === 'succeeded' ? { build, plan } : null;
        return { state, outputs: null, usage, error, made };
      }
      const tellRest = (event: RunEvent) => {
        if (event.type !== 'run-start') tell(event);
      };
      const asked = only.filter((id) => isRequestTime(plan, id));
      return describeAnswer(await runFlow({ ...asking, build, inputs: row.inputs, only: asked, emit: tellRest }));
    }
    const build = await chooseBuild(parts, row, { ...shared, artifacts });
    const { output } = row.request;
    const asked = output === undefined ? {} : { output };
    const conversation = await findConversation(parts, row, plan);
    const inputs = conversation?.inputs ?? row.inputs;
    const outcome = describeAnswer(await runFlow({ ...asking, build, inputs, emit: tell, ...asked }));
    return conversation === null ? outcome : { ...outcome, conversation };
  } catch (error) {
    if (signal.aborted) return { state: 'cancelled', outputs: null, usage: noUsage, error: null, made: null };
    const named = nameDatabaseError(error);
    logFailure(parts.log, row.id)(named, null);
    return { state: 'failed', outputs: null, usage: noUsage, error: reportError(named), made: null };
  }
}

/** As it is by now, so that a question that waited goes on from what was answered meanwhile. */
async function findConversation(
  { database, descriptions }: ExecutionParts,
  { workspaceId: workspace, endpointId: endpoint, conversation: name, inputs }: RunRow,
  plan: Plan,
): Promise<ConversationCall | null> {
  if (endpoint === null || name === null) return null;
  const takes = readFlowInterface(plan.document, descriptions).inputs;
  return openCall(database, { workspace, endpoint, name }, { takes, inputs });
}

/** Events and answers have only the safe form of an error; what stands behind it is in the log alone. */
export function logFailure(log: Log, run: string): (error: unknown, node: string | null) => void {
  return (error, node) => {
    const isExpected = error instanceof KumikiError && error.cause === undefined;
    if (isExpected) log.info({ run, node, code: error.code }, 'a node failed');
    else log.error({ run, node, error }, 'a node failed');
  };
}

/** Names the attempt that writes to an index, so that one that was taken over can be refused. */
export function formatOwner({ id, attempt }: { readonly id: string; readonly attempt: number }): string {
  return `${id}:${attempt}`;
}

/** Throws where the owner was not named by `formatOwner`. */
export function parseOwner(owner: string): { readonly run: string; readonly attempt: number } {
  const [run = '', attempt = ''] = owner.split(':');
  if (!/^\d+$/.test(attempt)) throw new Error(`"${owner}" is not an attempt at a run`);
  return { run, attempt: Number(attempt) };
}

function chooseBuild({ plans }: ExecutionParts, row: RunRow, options: Parameters<typeof findBuild>[0]): Promise<Build> {
  if (row.build === null) return findBuild(options);
  return plans.findBuild({ workspace: row.workspaceId, flow: row.flowId, build: row.build });
}

function isRequestTime(plan: Plan, id: string): boolean {
  return findNamedNodes(plan, id).some((index) => plan.nodes[index]?.time === 'request');
}

export function describeAnswer(result: Awaited<ReturnType<typeof runFlow>>): RunOutcome {
  const { state, usage } = result;
  switch (result.state) {
    case 'succeeded':
      return { state, outputs: describeOutputs(result.outputs), usage, error: null, made: null };
    case 'failed':
      return { state, outputs: null, usage, error: result.error, made: null };
    case 'cancelled':
      return { state, outputs: null, usage, error: null, made: null };
  }
}

export function interrupted(): KumikiError {
  return new KumikiError({
    code: 'interrupted',
    status: 503,
    message: {
      en: 'The run was interrupted several times, because the server stopped or was killed, and is not tried again. Start it again yourself.',
      ja: 'サーバーの停止や強制終了で実行が何度も中断されたため、再試行をやめました。必要であれば、もう一度実行してください。',
    },
  });
}
