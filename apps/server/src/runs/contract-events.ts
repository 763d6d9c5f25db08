import type * as engine from '@kumiki/engine';
import type { JsonValue } from '@kumiki/flow';
import type { TrainingReport } from '@kumiki/node-sdk';
import type { RunEvent } from './event-log.ts';

/**
 * What the engine tells, as the contract has it: times as text, and every field there, so that readers ask for none.
 * `run-end` of a build is left to the caller, who knows its number.
 */
export function describeEvent(event: engine.RunEvent): RunEvent {
  switch (event.type) {
    case 'run-start':
      return { type: 'run-start', kind: event.kind, at: formatTime(event.at) };
    case 'node-start':
      return { type: 'node-start', node: event.node, at: formatTime(event.at) };
    case 'node-progress': {
      const { type, node, done, total, unit, waitingFor = null, training } = event;
      return { type, node, done, total, unit, waitingFor, ...(training && { training: describeTraining(training) }) };
    }
    case 'text-delta': {
      const { type, node, output, text } = event;
      return { type, node, output, text };
    }
    case 'node-end':
      return {
        type: 'node-end',
        node: event.node,
        state: event.state,
        milliseconds: event.milliseconds,
        counts: Object.fromEntries(
          Object.entries(event.counts).map(([port, items]) => [port, { documents: null, items }]),
        ),
        sample: Object.fromEntries(Object.entries(event.samples).map(([port, items]) => [port, [...items]])),
        usage: event.usage ?? null,
        warnings: [...(event.warnings ?? [])],
        documentErrors: (event.documentErrors ?? []).map(({ id, error }) => ({ id, error: { ...error } })),
        error: event.error === undefined ? null : { ...event.error },
      };
    case 'run-end':
      return {
        type: 'run-end',
        state: event.state,
        outputs: describeOutputs(event.outputs),
        usage: event.usage,
        error: event.error === undefined ? null : { ...event.error },
        build: null,
        at: formatTime(event.at),
      };
  }
}

/** Lists of the contract may be written to. */
function describeTraining(training: TrainingReport): Extract<RunEvent, { type: 'node-progress' }>['training'] {
  switch (training.type) {
    case 'points':
      return { ...training, points: [...training.points] };
    case 'samples':
      return { ...training, answers: [...training.answers] };
    default:
      return training;
  }
}

export type ContractOutputs = NonNullable<Extract<RunEvent, { type: 'run-end' }>['outputs']>;

/** By arm. The output node makes citations of the contract's shape; the engine carries them without looking. */
export function describeOutputs(outputs: engine.ArmOutputs): ContractOutputs {
  return Object.fromEntries(
    Object.entries(outputs).map(([arm, output]) => [
      arm,
      output.state === 'skipped'
        ? { state: 'skipped' as const }
        : { state: 'answered' as const, value: output.value, citations: readCitations(output.citations) },
    ]),
  );
}

type Citations = Extract<ContractOutputs[string], { state: 'answered' }>['citations'];

function readCitations(citations: readonly JsonValue[]): Citations {
  // Made by nodes/output, whose type is the contract's; parsing each answer again would cost every caller.
  return citations as unknown as Citations;
}

function formatTime(at: number): string {
  return new Date(at).toISOString();
}
