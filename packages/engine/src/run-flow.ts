import type { ErrorReport, PortValue, TokenUsage } from '@kumiki/node-sdk';
import type { Build } from './build.ts';
import type { ArmOutputs, RunState } from './events.ts';
import { findProgram, refuseActing } from './program.ts';
import { Question } from './question.ts';
import { type RunOptions, RunScope } from './run-scope.ts';

export type RunFlowOptions = RunOptions & {
  readonly build: Build;
  /** Values by the input nodes' names. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** One arm by name; all of them where it is left out. */
  readonly output?: string;
  /** Only these request-time nodes and what they need of others; their values are seen in the events. */
  readonly only?: readonly string[];
  /** False for an experiment: a question that would change something outside fails with `acts-in-experiment`. */
  readonly mayAct?: boolean;
  /** Told of what each node put out, as it is: events show samples only, and whoever measures has to see all of it. */
  readonly onOutputs?: OnOutputs;
};

/** Called once for each node that ran; it must not throw. */
export type OnOutputs = (node: string, outputs: Readonly<Record<string, PortValue | undefined>>) => void;

export type RunResult =
  | { readonly state: 'succeeded'; readonly outputs: ArmOutputs; readonly usage: TokenUsage }
  | { readonly state: 'failed'; readonly error: ErrorReport; readonly usage: TokenUsage }
  | { readonly state: 'cancelled'; readonly usage: TokenUsage };

/**
 * Answers one question: request-time nodes only, in memory, against one build's values; it never builds. What goes
 * wrong is told by the result and by `run-end`, also what was wrong from the start (`not-built`, `output-unknown`).
 */
export async function runFlow(options: RunFlowOptions): Promise<RunResult> {
  const scope = new RunScope(options, 'question');
  scope.emit({ type: 'run-start', at: scope.startedAt, kind: 'question' });
  let outputs: ArmOutputs = {};
  try {
    const { plan, build, output, only, mayAct = true } = options;
    const program = findProgram(plan, build, { output, only });
    if (!mayAct) refuseActing(program);
    outputs = await new Question(scope, program, options.inputs, options.onOutputs).answer();
  } catch (error) {
    scope.fail(error);
  }
  return endRun(scope, outputs);
}

function endRun(scope: RunScope, outputs: ArmOutputs): RunResult {
  const { failure, usage } = scope;
  const state = readState(scope);
  const at = scope.clock.now();
  scope.end({
    type: 'run-end',
    at,
    state,
    outputs: state === 'succeeded' ? outputs : {},
    usage,
    milliseconds: at - scope.startedAt,
    ...(failure !== null && { error: failure }),
  });
  if (failure !== null) return { state: 'failed', error: failure, usage };
  return state === 'cancelled' ? { state, usage } : { state: 'succeeded', outputs, usage };
}

export function readState(scope: RunScope): RunState {
  if (scope.failure !== null) return 'failed';
  return scope.stopped === null ? 'succeeded' : 'cancelled';
}
