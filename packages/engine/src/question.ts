import type { JsonValue } from '@kumiki/flow';
import type { FlowAnswer, FlowQuestion, PortValue } from '@kumiki/node-sdk';
import { runAttempts, waitForResources } from './attempt.ts';
import { type CollectedInputs, collectInputs } from './collect-inputs.ts';
import { isStream } from './erased-stream.ts';
import type { ArmOutput, ArmOutputs } from './events.ts';
import { type GpuHold, holdGpu } from './gpu-hold.ts';
import { NodeRun } from './node-run.ts';
import { bodyArm, type Program, type Step, type StepBody, type StepInput } from './program.ts';
import type { OnOutputs } from './run-flow.ts';
import type { RunScope } from './run-scope.ts';
import { replayStream, uniteStreams } from './streams.ts';
import { summariseOutputs } from './summary.ts';
import { findPassages, TextChannel } from './text-routes.ts';

type Outputs = Readonly<Record<string, PortValue | undefined>>;

type StepCall = CollectedInputs<PortValue>;

const nothing: Outputs = {};

/**
 * One question on its way through a program. A step is ready when all that it waits for has ended or was skipped; what
 * is ready runs at once, as far as the resources allow. Ends when every step has ended, or the run has stopped and every
 * step that was running has heard of it.
 */
export class Question {
  readonly #scope: RunScope;
  readonly #program: Program;
  readonly #requestInputs: Readonly<Record<string, unknown>>;
  readonly #onOutputs: OnOutputs | undefined;
  readonly #waiting: Int32Array;
  /** By step: what it put out; undefined before, and `nothing` where it was skipped. */
  readonly #outputs: (Outputs | undefined)[];
  readonly #ready: number[] = [];
  readonly #arms: Record<string, ArmOutput> = {};
  /** By output step: the step whose text it streams. The first one that speaks; a second would garble it. */
  readonly #speakers = new Map<number, number>();
  #left: number;
  #running = 0;
  #finish: (() => void) | null = null;

  constructor(
    scope: RunScope,
    program: Program,
    inputs: Readonly<Record<string, unknown>>,
    onOutputs: OnOutputs | undefined = undefined,
  ) {
    this.#scope = scope;
    this.#onOutputs = onOutputs;
    this.#program = program;
    this.#requestInputs = inputs;
    this.#waiting = program.waiting.slice();
    this.#outputs = new Array(program.steps.length).fill(undefined);
    this.#left = program.steps.length;
  }

  async answer(): Promise<ArmOutputs> {
    const { steps } = this.#program;
    for (let step = steps.length - 1; step >= 0; step -= 1) if (this.#waiting[step] === 0) this.#ready.push(step);
    await new Promise<void>((resolve) => {
      this.#finish = resolve;
      this.#advance();
    });
    return this.#arms;
  }

  #advance(): void {
    while (this.#scope.stopped === null) {
      const index = this.#ready.pop();
      if (index === undefined) break;
      const step = this.#program.steps[index];
      if (step !== undefined) this.#launch(index, step);
    }
    const over = this.#left === 0 || this.#scope.stopped !== null;
    if (over && this.#running === 0) this.#finish?.();
  }

  #launch(index: number, step: Step): void {
    const call = this.#collectInputs(step);
    if (call === null) {
      new NodeRun(this.#scope, step.node).skip();
      if (step.arm !== null) this.#arms[step.arm] = { state: 'skipped' };
      this.#settle(index, nothing);
      return;
    }
    this.#running += 1;
    const channels = step.textTargets.length === 0 ? null : this.#openChannels(index, step);
    const asked = step.body === null ? null : new BodyQuestions(this.#scope, step.body);
    const nodeRun = new NodeRun(this.#scope, step.node, {
      onText: channels === null ? undefined : (delta) => this.#sendText(index, channels, delta),
      ask: asked === null ? undefined : (question) => asked.ask(question),
    });
    const fail = (error: unknown) => {
      nodeRun.fail(error);
      this.#running -= 1;
      this.#scope.fail(error);
      this.#advance();
    };
    const running = this.#run(nodeRun, step, call);
    const ending = asked === null ? running : running.finally(() => asked.close());
    ending.then((outputs) => {
      try {
        // A filter is a node's own code, and may break at its end as well.
        for (const channel of channels?.values() ?? []) channel.flush();
      } catch (error) {
        this.#scope.blame(error, step.node.id);
        fail(error);
        return;
      }
      nodeRun.succeed(summariseOutputs(step.node, outputs));
      this.#onOutputs?.(step.node.id, outputs);
      if (step.arm !== null) this.#arms[step.arm] = readArm(outputs);
      this.#running -= 1;
      this.#settle(index, shareStreams(step, outputs));
      this.#advance();
    }, fail);
  }

  #run(nodeRun: NodeRun, step: Step, call: StepCall): Promise<Outputs> {
    return holdGpu(this.#scope, nodeRun, step.node.type.resources, (gpu) => this.#runHolding(nodeRun, step, call, gpu));
  }

  async #runHolding(nodeRun: NodeRun, step: Step, call: StepCall, gpu: GpuHold | null): Promise<Outputs> {
    const { behaviour, resources } = step.node.type;
    if (behaviour.role !== 'run') throw new Error(`${step.node.id} cannot run for a question`);
    const held = this.#scope.resources;
    if (resources.length > 0 && !held.tryAcquire(resources)) {
      await waitForResources(this.#scope, nodeRun, resources);
    }
    try {
      nodeRun.start();
      const { settings } = step.node;
      const { inputs, variables } = call;
      const run = () => behaviour.run({ settings, inputs, variables, context: nodeRun });
      return await runAttempts(this.#scope, nodeRun, run, gpu);
    } finally {
      if (resources.length > 0) held.release(resources);
    }
  }

  #settle(index: number, outputs: Outputs): void {
    this.#outputs[index] = outputs;
    this.#left -= 1;
    for (const dependent of this.#program.steps[index]?.dependents ?? []) {
      const waiting = (this.#waiting[dependent] ?? 0) - 1;
      this.#waiting[dependent] = waiting;
      if (waiting === 0) this.#ready.push(dependent);
    }
  }

  #collectInputs(step: Step): StepCall | null {
    const call = collectInputs<PortValue>(step.node.inputs, (_input, place) => {
      const input = step.inputs[place];
      return input && this.#readInput(input);
    });
    if (call === null || step.requestInput === null || !Object.hasOwn(this.#requestInputs, step.requestInput))
      return call;
    // Not trusted: the input node parses it by the kind that it is set to.
    const value = this.#requestInputs[step.requestInput] as PortValue;
    return { ...call, variables: { ...call.variables, value } };
  }

  #readInput({ planned, sources }: StepInput): PortValue | undefined {
    const [first] = sources;
    if (first === undefined) return undefined;
    if (!planned.stream) return this.#readSource(first);
    const streams = sources.map((source) => this.#readSource(source)).filter(isStream);
    return streams.length === 0 ? undefined : uniteStreams(streams);
  }

  #readSource(source: StepInput['sources'][number]): PortValue | undefined {
    return source.from === 'build' ? source.value : this.#outputs[source.step]?.[source.port];
  }

  #openChannels(speaker: number, step: Step): ReadonlyMap<number, TextChannel> {
    return new Map(
      step.textTargets.flatMap((target) => {
        const output = this.#program.steps[target];
        if (output === undefined || output.arm === null) return [];
        const { arm, node, inputs } = output;
        const channel = new TextChannel({
          arm,
          output: node,
          passages: () =>
            findPassages(inputs.map((input) => ({ kind: input.planned.kind, value: this.#readInput(input) }))),
          send: (text) => {
            const from = this.#program.steps[speaker]?.node.id ?? '';
            this.#scope.emit({ type: 'text-delta', at: this.#scope.clock.now(), node: from, output: arm, text });
          },
        });
        return [[target, channel] as const];
      }),
    );
  }

  #sendText(speaker: number, channels: ReadonlyMap<number, TextChannel>, delta: string): void {
    for (const [target, channel] of channels) {
      const first = this.#speakers.get(target) ?? speaker;
      this.#speakers.set(target, first);
      if (first === speaker) channel.push(delta);
    }
  }
}

/**
 * What one node asks of the flow that it names, item by item. What fails in it fails that call alone: whether it is the
 * end of the run is for the node to say. It holds no resource itself, so that the nodes within can have all of them.
 */
class BodyQuestions {
  readonly #scope: RunScope;
  readonly #body: StepBody;
  readonly #end = new AbortController();
  readonly #asked = new Set<Promise<unknown>>();

  constructor(scope: RunScope, body: StepBody) {
    this.#scope = scope;
    this.#body = body;
  }

  ask(question: FlowQuestion): Promise<FlowAnswer | null> {
    const signal = AbortSignal.any([question.signal, this.#end.signal]);
    const asked = this.#ask({ ...question, signal });
    this.#asked.add(asked.catch(() => undefined));
    return asked;
  }

  /** Nothing goes on once the node that asked has ended: what is still under way is stopped, and its end waited for. */
  async close(): Promise<void> {
    this.#end.abort(new DOMException('The node that asked has ended', 'AbortError'));
    await Promise.all(this.#asked);
  }

  async #ask({ place, item, inputs, signal }: FlowQuestion): Promise<FlowAnswer | null> {
    const { program } = this.#body;
    const nested = this.#scope.nest(place, signal);
    try {
      const arms = await new Question(nested, program, { ...inputs, [this.#body.item]: item }).answer();
      nested.throwIfStopped();
      const arm = arms[bodyArm];
      return arm?.state === 'answered' ? { value: arm.value } : null;
    } finally {
      nested.close();
    }
  }
}

/** Several nodes may read a stream, each from its beginning. */
function shareStreams({ node }: Step, outputs: Outputs): Outputs {
  const shared = node.outputs.filter(({ stream, consumers }) => stream && consumers.length > 1);
  if (shared.length === 0) return outputs;
  const replayed = shared.flatMap(({ name }) => {
    const stream = outputs[name];
    return isStream(stream) ? [[name, replayStream(stream)]] : [];
  });
  return { ...outputs, ...Object.fromEntries(replayed) };
}

/** An output node answers on the port `result`, which no wire can take: `{ value, citations? }`. */
function readArm({ result }: Outputs): ArmOutput {
  if (typeof result !== 'object' || result === null || !('value' in result)) return { state: 'skipped' };
  const citations = 'citations' in result && Array.isArray(result.citations) ? result.citations : [];
  return { state: 'answered', value: result.value as JsonValue, citations };
}
