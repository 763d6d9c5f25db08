import type { LocalisedText } from '@kumiki/flow';
import {
  type DataSetAccess,
  type DocumentIndex,
  type DocumentParser,
  type ErrorReport,
  type FileAccess,
  type FlowAnswer,
  type FlowQuestion,
  KumikiError,
  type ModelAccess,
  type NodeContext,
  type Progress,
  type TableAccess,
  type TokenUsage,
  type TrainingAccess,
  type TrainingReport,
  type WebAccess,
} from '@kumiki/node-sdk';
import type { DocumentError, NodeEndEvent, NodeState, NodeWarning } from './events.ts';
import type { PlannedNode } from './plan.ts';
import type { NodeServices, RunScope } from './run-scope.ts';

const progressMilliseconds = 200;
const toldDocumentErrors = 100;

/** What a node's end tells of its outputs. */
export type OutputSummary = Pick<NodeEndEvent, 'counts' | 'documentCounts' | 'samples'>;

export const emptySummary: OutputSummary = { counts: {}, samples: {} };

/** What a node's surroundings do for it. */
export type NodeHooks = {
  /** Takes its text, where that reaches an answer. */
  readonly onText?: ((delta: string) => void) | undefined;
  /** Asks the flow that it names, for one item of a list. */
  readonly ask?: ((question: FlowQuestion) => Promise<FlowAnswer | null>) | undefined;
};

/**
 * One node at work in one run: the context that it sees, and the events that tell of it. Goes from created to started
 * to ended, each at most once. Signal and services are only made when the node asks for them, since most nodes of a
 * question ask for neither.
 */
export class NodeRun implements NodeContext {
  readonly workspace: string;
  readonly node: string;
  readonly #scope: RunScope;
  readonly #planned: PlannedNode;
  readonly #hooks: NodeHooks;
  #controller: AbortController | null = null;
  #services: NodeServices | null = null;
  #aborted: { readonly reason: unknown } | null = null;
  #startedAt: number | null = null;
  #ended = false;
  #progressAt = 0;
  #steps: { readonly done: number; readonly total: number | null } = { done: 0, total: null };
  #usage: TokenUsage | null = null;
  #warnings: NodeWarning[] = [];
  #documentErrors = new Map<string, ErrorReport>();
  #final = false;

  constructor(scope: RunScope, planned: PlannedNode, hooks: NodeHooks = {}) {
    this.#scope = scope;
    this.#planned = planned;
    this.#hooks = hooks;
    this.workspace = scope.workspace;
    this.node = planned.id;
  }

  get idempotencyKey(): string {
    return `${this.#scope.run}/${this.node}${this.#scope.items}`;
  }

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#aborted !== null) this.#controller.abort(this.#aborted.reason);
    }
    return this.#controller.signal;
  }

  get models(): ModelAccess {
    return this.#bind().models;
  }

  get files(): FileAccess {
    return this.#bind().files;
  }

  get documents(): DocumentParser {
    return this.#bind().documents;
  }

  get index(): DocumentIndex {
    return this.#bind().index;
  }

  get web(): WebAccess {
    return this.#bind().web;
  }

  get tables(): TableAccess {
    return this.#bind().tables;
  }

  get datasets(): DataSetAccess {
    return this.#bind().datasets;
  }

  get training(): TrainingAccess {
    return this.#bind().training;
  }

  /** Whether it cannot be tried again: its text has reached the client, or a flow that it asked has tried in vain. */
  get isFinal(): boolean {
    return this.#final;
  }

  get hasDocumentErrors(): boolean {
    return this.#documentErrors.size > 0;
  }

  progress(progress: Progress): void {
    if (this.#ended) return;
    const now = this.#scope.clock.now();
    if (now - this.#progressAt < progressMilliseconds) return;
    this.#progressAt = now;
    const { done, total, unit } = progress;
    this.#scope.emit({ type: 'node-progress', at: now, node: this.node, done, total, unit });
  }

  /** Never held back: a point of a curve that is not told is a hole in it. */
  showTraining(training: TrainingReport): void {
    if (this.#ended) return;
    const at = this.#scope.clock.now();
    const { done, total } = this.#steps;
    if (training.type === 'plan') this.#steps = { done: training.resumedFrom, total: training.steps };
    if (training.type === 'points') this.#steps = { done: training.points.at(-1)?.step ?? done, total };
    this.#scope.emit({ type: 'node-progress', at, node: this.node, ...this.#steps, unit: 'steps', training });
  }

  /** Tells what the node waits for before it starts. */
  waitFor(resource: 'gpu'): void {
    const at = this.#scope.clock.now();
    const event = { type: 'node-progress', at, node: this.node, done: 0, total: null, unit: 'steps' } as const;
    this.#scope.emit({ ...event, waitingFor: resource });
  }

  emitText(delta: string): void {
    const { onText } = this.#hooks;
    if (this.#ended || onText === undefined || delta === '') return;
    this.#final = true;
    onText(delta);
  }

  async askFlow(question: FlowQuestion): Promise<FlowAnswer | null> {
    const { ask } = this.#hooks;
    if (ask === undefined) throw new Error(`${this.node} names no flow that it could ask`);
    try {
      return await ask(question);
    } catch (error) {
      this.#final = true;
      throw error;
    }
  }

  reportUsage({ promptTokens, completionTokens }: TokenUsage): void {
    this.#scope.addUsage({ promptTokens, completionTokens });
    this.#usage = {
      promptTokens: (this.#usage?.promptTokens ?? 0) + promptTokens,
      completionTokens: (this.#usage?.completionTokens ?? 0) + completionTokens,
    };
  }

  warn({ code, message }: { readonly code: string; readonly message: LocalisedText }): void {
    this.#warnings.push({ code, message });
  }

  recordDocumentError(id: string, error: ErrorReport): void {
    this.#documentErrors.set(id, error);
  }

  abort(reason: unknown): void {
    if (this.#aborted !== null) return;
    this.#aborted = { reason };
    this.#controller?.abort(reason);
  }

  /** A new attempt tells its own warnings. */
  forgetAttempt(): void {
    this.#warnings = [];
    this.#documentErrors.clear();
  }

  start(): void {
    if (this.#startedAt !== null || this.#ended) return;
    this.#startedAt = this.#scope.clock.now();
    this.#scope.emit({ type: 'node-start', at: this.#startedAt, node: this.node });
  }

  succeed(summary: OutputSummary): void {
    this.#end('succeeded', summary, null);
  }

  /** Ends with what went wrong here; what was only stopped, or passed on from another node, is `cancelled`. */
  fail(error: unknown): void {
    const { stopped } = this.#scope;
    // The second: it is told by something that was done for this node, and heard it first.
    const stoppedFirst = stopped !== null && (this.#aborted?.reason === stopped.reason || error === stopped.reason);
    if (stoppedFirst || !this.#scope.beganAt(error, this.node)) {
      this.#end('cancelled', emptySummary, null);
      return;
    }
    this.#scope.blame(error, this.node);
    this.#end('failed', emptySummary, this.#scope.report(error));
  }

  skip(): void {
    this.#end('skipped', emptySummary, null);
  }

  /** Ends what is still at work when nobody wants it any more. */
  close(): void {
    if (this.#startedAt !== null) this.#end('cancelled', emptySummary, null);
    this.#ended = true;
  }

  reuse(summary: OutputSummary): void {
    this.#end('reused', summary, null);
  }

  #end(state: NodeState, { counts, documentCounts, samples }: OutputSummary, error: ErrorReport | null): void {
    if (this.#ended) return;
    this.#ended = true;
    const at = this.#scope.clock.now();
    const documentErrors: DocumentError[] = [];
    for (const [id, documentError] of this.#documentErrors) {
      if (documentErrors.length < toldDocumentErrors) documentErrors.push({ id, error: documentError });
    }
    this.#scope.emit({
      type: 'node-end',
      at,
      node: this.node,
      state,
      milliseconds: this.#startedAt === null ? 0 : at - this.#startedAt,
      counts,
      ...(documentCounts !== undefined && { documentCounts }),
      samples,
      ...(this.#usage !== null && { usage: this.#usage }),
      ...(this.#warnings.length > 0 && { warnings: this.#warnings }),
      ...(documentErrors.length > 0 && { documentErrors, documentErrorCount: this.#documentErrors.size }),
      ...(error !== null && { error }),
    });
  }

  #bind(): NodeServices {
    const { workspace, run, kind, services } = this.#scope;
    this.#services ??= services({ workspace, run, kind, node: this.node, signal: this.signal });
    return this.#services;
  }

  /** How long the node may take, as an error when it took longer. */
  describeTimeout(milliseconds: number): KumikiError {
    const seconds = Math.max(1, Math.round(milliseconds / 1_000));
    return new KumikiError({
      code: 'node-timeout',
      message: {
        en: `“${this.#planned.title.en}” took longer than ${seconds} s and was stopped. Try again, or give it less to process.`,
        ja: `「${this.#planned.title.ja}」は ${seconds} 秒以内に終わらなかったため、止めました。もう一度試すか、処理する量を減らしてください。`,
      },
      status: 504,
      node: this.node,
    });
  }
}
