import type { FlowGraph } from '@kumiki/flow';
import type { RunState } from '../../run/run-state.ts';
import type { AskEntry } from './ask-store.ts';
import { readInterface } from './read-interface.ts';

/**
 * The arms that a question was put to, from top to bottom of the drawing. Where all were asked, those that the flow has
 * now, until the run tells at its end which it had then.
 */
export function listAskedArms(entry: AskEntry, run: RunState, graph: FlowGraph): readonly string[] {
  if (entry.output !== null) return [entry.output];
  const drawn = readInterface(graph).arms.map(({ name }) => name);
  if (run.outputs === null) return drawn;
  const place = (arm: string) => (drawn.includes(arm) ? drawn.indexOf(arm) : drawn.length);
  return Object.keys(run.outputs).sort((a, b) => place(a) - place(b));
}

/** Whether an answer stands alone, and not beside others. */
export function isOfOneArm({ output }: Pick<AskEntry, 'output'>, arms: readonly string[]): boolean {
  return output !== null || arms.length <= 1;
}
