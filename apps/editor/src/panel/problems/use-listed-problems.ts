import { useMemo } from 'react';
import { useDerivedFlow, useFlow, useRuns } from '../../flow/flow-context.tsx';
import { addRefused, useRefusals } from '../../flow/refusals.ts';
import { english } from '../../i18n/english.ts';
import { japanese } from '../../i18n/texts.ts';
import { shownRun } from '../../run/run-store.ts';
import { type ListedProblem, listProblems } from './list-problems.ts';

/** What is wrong with the open flow and with the runs that are shown. */
export function useListedProblems(): readonly ListedProblem[] {
  const { problems } = useDerivedFlow();
  const build = useRuns((state) => shownRun(state, 'build'));
  const question = useRuns((state) => shownRun(state, 'question'));
  const document = useFlow((state) => state.document);
  const refusals = useRefusals();
  return useMemo(
    () => listProblems(addRefused(problems, document, refusals), [build, question], nameMoreDocuments),
    [problems, document, refusals, build, question],
  );
}

function nameMoreDocuments(number: number) {
  const fill = (text: string) => text.replace('{{number}}', String(number));
  return { en: fill(english.panel.documentsFailed), ja: fill(japanese.panel.documentsFailed) };
}
