import { useDerivedFlow, useOpenFlow } from '../flow/flow-context.tsx';
import { useAsked } from '../panel/ask/ask-store.ts';
import { readExamples, readInterface } from '../panel/ask/read-interface.ts';

/**
 * Runs one node and what it needs. A request-time node gets the inputs of the last question, or the examples where
 * nothing was asked yet.
 */
export function useRunFrom(): (node: string) => Promise<string> {
  const { flow, control } = useOpenFlow();
  const { graph } = useDerivedFlow();
  return (node) => {
    const { id } = flow.getState();
    const last = useAsked.getState().entries.findLast((entry) => entry.flow === id);
    const inputs = last?.inputs ?? readExamples(readInterface(graph).inputs);
    return control.ask({ inputs, only: [node] });
  };
}
