import { type GraphNode, readSetting } from '@kumiki/flow';
import { useTranslation } from 'react-i18next';
import { useRuns } from '../flow/flow-context.tsx';
import { AnswerText } from '../panel/ask/answer-text.tsx';
import { readAnswer } from '../panel/ask/read-answer.ts';
import { shownRun } from '../run/run-store.ts';
import styles from './inspector.module.css';

/** What an output answered to the shown question. */
export function ArmAnswer({ node }: { readonly node: GraphNode }) {
  const { t } = useTranslation();
  const run = useRuns((state) => shownRun(state, 'question'));
  const name = readSetting(node.node, node.description, 'name');
  if (run === null || typeof name !== 'string') return <p className={styles.dim}>{t('inspector.noOutput')}</p>;
  const answer = readAnswer(run, name);
  if (answer.state === 'skipped') return <p className={styles.dim}>{t('ask.skipped')}</p>;
  if (answer.text === '') return <p className={styles.dim}>{t('inspector.noOutput')}</p>;
  return <AnswerText answer={answer} />;
}
