import { type RunEvent, runFlow } from '@kumiki/engine';
import { isRefusal } from '@kumiki/evals';
import type { JsonValue } from '@kumiki/flow';
import type { Passage, PortValue } from '@kumiki/node-sdk';
import type { NewAnswer, QuestionContent } from '@kumiki/store';
import { describeOutputs } from '../runs/contract-events.ts';
import type { ExecutionParts } from '../runs/execute-run.ts';
import { logFailure } from '../runs/execute-run.ts';
import type { OpenArm } from './arms.ts';

/** What an arm made of a question, before it is scored. */
export type GivenAnswer = Omit<NewAnswer, 'arm' | 'row' | 'repetition' | 'scores'>;

type AskParts = Pick<ExecutionParts, 'answerMilliseconds' | 'bindServices' | 'log' | 'resources'>;

/**
 * Asks an arm one question and measures it. Nothing that acts is run. Null where it was aborted; what goes wrong
 * otherwise is the answer.
 */
export async function askQuestion(
  parts: AskParts,
  { arm, plan, build, program }: OpenArm,
  asked: {
    readonly workspace: string;
    readonly run: string;
    /** Name of the input that takes the question. */
    readonly input: string;
    readonly content: Pick<QuestionContent, 'question' | 'inputs'>;
  },
  signal: AbortSignal,
): Promise<GivenAnswer | null> {
  const { workspace, run, input, content } = asked;
  const outputs = new Map<string, Readonly<Record<string, PortValue | undefined>>>();
  let firstText: number | null = null;
  const began = performance.now();
  const emit = (event: RunEvent) => {
    if (event.type === 'text-delta' && event.output === arm.output) firstText ??= performance.now();
  };
  const result = await runFlow({
    ...{ plan, workspace, run, build, emit, signal },
    services: parts.bindServices(() => null),
    resources: parts.resources,
    runDeadlineMilliseconds: parts.answerMilliseconds,
    onFailure: logFailure(parts.log, run),
    inputs: { ...readUnsaid(program), ...content.inputs, [input]: content.question },
    output: arm.output,
    mayAct: false,
    onOutputs: (node, values) => outputs.set(node, values),
  });
  const totalMilliseconds = performance.now() - began;
  const firstTokenMilliseconds = firstText === null ? null : firstText - began;
  const measured = { totalMilliseconds, firstTokenMilliseconds, usage: result.usage, citations: [], error: null };
  const passages = findPassages({ plan, program, outputs, output: arm.output });
  switch (result.state) {
    case 'cancelled':
      return null;
    case 'failed':
      return { ...measured, state: 'failed', text: null, passages, error: result.error };
    case 'succeeded': {
      const output = describeOutputs(result.outputs)[arm.output];
      if (output?.state !== 'answered') return { ...measured, state: 'refused', text: null, passages };
      const text = typeof output.value === 'string' ? output.value : JSON.stringify(output.value);
      const sentences = arm.whenNothing === '' ? [] : [arm.whenNothing];
      const state = isRefusal(text, sentences) ? 'refused' : 'answered';
      // Citations are JSON; the contract's types say so of each field.
      return { ...measured, state, text, passages, citations: output.citations as unknown as JsonValue };
    }
  }
}

/** What was said before is nothing, where a flow takes it and a question does not tell it. */
function readUnsaid({ steps }: OpenArm['program']): Readonly<Record<string, JsonValue>> {
  return Object.fromEntries(
    steps.flatMap(({ requestInput, node }): [string, JsonValue][] =>
      requestInput !== null && node.settings.kind === 'messages' ? [[requestInput, []]] : [],
    ),
  );
}

/**
 * What the answer could rest on: the passages that reach the output, or, where none are wired to it, those that reached a
 * prompt. Null for an arm that retrieves nothing; empty where it found nothing.
 */
function findPassages({
  plan,
  program,
  outputs,
  output,
}: Pick<OpenArm, 'plan' | 'program'> & {
  readonly outputs: ReadonlyMap<string, Readonly<Record<string, PortValue | undefined>>>;
  readonly output: string;
}): NewAnswer['passages'] {
  const sources = program.steps.flatMap((step) =>
    step.inputs
      .filter(({ planned }) => planned.kind === 'passages')
      .flatMap(({ planned }) => planned.sources.map((source) => ({ reader: step.node, ...source }))),
  );
  const reaching = sources.filter(({ reader }) => reader.index === plan.arms.get(output));
  const prompting = sources.filter(({ reader }) => reader.type.description.family === 'prompt');
  const chosen = reaching.length > 0 ? reaching : prompting.length > 0 ? prompting : sources;
  if (chosen.length === 0) return null;
  const found = new Map<string, Passage>();
  for (const { node, port } of chosen) {
    const value = outputs.get(plan.nodes[node]?.id ?? '')?.[port];
    // Kinds of ports hold: what a port of passages puts out is a list of them.
    for (const passage of (value ?? []) as readonly Passage[]) {
      found.set(`${passage.documentId} ${passage.start} ${passage.end}`, passage);
    }
  }
  return [...found.values()].map(({ documentId, documentName, text }) => ({ documentId, documentName, text }));
}
