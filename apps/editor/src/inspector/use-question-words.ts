import { useMemo } from 'react';
import { useDerivedFlow, useRuns } from '../flow/flow-context.tsx';
import { shownRun } from '../run/run-store.ts';
import { readWords } from './samples/highlight-words.ts';

/** Words of the texts that the shown question brought in, for marking them where they were found. */
export function useQuestionWords(): ReadonlySet<string> {
  const { graph } = useDerivedFlow();
  const nodes = useRuns((state) => shownRun(state, 'question')?.nodes);
  return useMemo(() => {
    const texts: string[] = [];
    for (const { id, description } of graph.nodes.values()) {
      if (description.family !== 'input') continue;
      for (const value of nodes?.[id]?.sample.value ?? []) if (typeof value === 'string') texts.push(value);
    }
    return readWords(texts.join('\n'));
  }, [graph, nodes]);
}
