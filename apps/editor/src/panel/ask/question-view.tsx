import type { LocalisedText } from '@kumiki/flow';
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useDerivedFlow, useOpenFlow, useRuns } from '../../flow/flow-context.tsx';
import { useLocalised } from '../../i18n/use-localised.ts';
import { Icon } from '../../icons/icon.tsx';
import { isOver, type RunState } from '../../run/run-state.ts';
import { reportError } from '../../shell/notices.ts';
import { AnswerMeter } from './answer-meter.tsx';
import { AnswerText } from './answer-text.tsx';
import { ArmColumns } from './arm-columns.tsx';
import styles from './ask.module.css';
import type { AskEntry } from './ask-store.ts';
import { isOfOneArm, listAskedArms } from './list-asked-arms.ts';
import { readAnswer } from './read-answer.ts';
import type { FlowInput } from './read-interface.ts';

type QuestionViewProps = {
  readonly entry: AskEntry;
  readonly inputs: readonly FlowInput[];
  readonly isChosen: boolean;
  readonly marksDifferences: boolean;
  readonly onChoose: () => void;
  readonly onAskAgain: () => void;
};

/** One question and what each arm that was asked says to it. */
export function QuestionView({ entry, inputs, isChosen, marksDifferences, onChoose, onAskAgain }: QuestionViewProps) {
  const { t } = useTranslation();
  const run = useRuns((state) => (entry.run === null ? undefined : state.runs[entry.run]));
  return (
    <article className={styles.entry} data-chosen={isChosen || undefined}>
      <button type="button" className={styles.question} onClick={onChoose}>
        <Asked entry={entry} inputs={inputs} />
      </button>
      {entry.refusal !== null && (
        <Failure code={entry.refusal.code} texts={entry.refusal.texts} onAskAgain={onAskAgain} />
      )}
      {entry.refusal === null && run === undefined && <p className={styles.wait}>{t('ask.preparing')}</p>}
      {run !== undefined && (
        <Answers entry={entry} run={run} marksDifferences={marksDifferences} onAskAgain={onAskAgain} />
      )}
    </article>
  );
}

/** One text is told as it is, several inputs by name. */
function Asked({ entry, inputs }: Pick<QuestionViewProps, 'entry' | 'inputs'>) {
  const values = Object.entries(entry.inputs);
  const [only, ...more] = values;
  if (only !== undefined && more.length === 0 && typeof only[1] === 'string') return only[1];
  return values.map(([name, value]) => (
    <span key={name} className={styles.given}>
      <small>{inputs.find((input) => input.name === name)?.title ?? name}</small>
      {typeof value === 'string' ? value : JSON.stringify(value)}
    </span>
  ));
}

type AnswersProps = {
  readonly entry: AskEntry;
  readonly run: RunState;
  readonly marksDifferences: boolean;
  readonly onAskAgain: () => void;
};

function Answers({ entry, run, marksDifferences, onAskAgain }: AnswersProps) {
  const { graph } = useDerivedFlow();
  const arms = listAskedArms(entry, run, graph);
  const isSingle = isOfOneArm(entry, arms);
  const [arm] = arms;
  return (
    <>
      {isSingle
        ? arm !== undefined && <SingleAnswer run={run} arm={arm} />
        : arms.length > 0 && (
            <ArmColumns run={run} arms={arms} askedAt={entry.askedAt} marksDifferences={marksDifferences} />
          )}
      {run.phase === 'failed' && run.error !== null ? (
        <Failure code={run.error.code} texts={run.error.message} onAskAgain={onAskAgain} />
      ) : (
        (isSingle || run.phase !== 'succeeded') && <AnswerMeter run={run} askedAt={isSingle ? entry.askedAt : null} />
      )}
    </>
  );
}

function SingleAnswer({ run, arm }: { readonly run: RunState; readonly arm: string }) {
  const { t } = useTranslation();
  const answer = readAnswer(run, arm);
  if (answer.state === 'skipped') return <p className={styles.wait}>{t('ask.skipped')}</p>;
  return answer.text === '' ? null : <AnswerText answer={answer} />;
}

type FailureProps = { readonly code: string; readonly texts: LocalisedText; readonly onAskAgain: () => void };

/** Why there is no answer, and what can be done about it right here. */
function Failure({ code, texts, onAskAgain }: FailureProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const { control, runs } = useOpenFlow();
  const buildAndAsk = async () => {
    const build = await control.build();
    const unsubscribe = runs.subscribe((state) => {
      const run = state.runs[build];
      if (run === undefined || !isOver(run.phase)) return;
      unsubscribe();
      if (run.phase === 'succeeded') onAskAgain();
    });
  };
  return (
    <div className={styles.failure} role="alert">
      <Icon name="failed" size={14} />
      <p>{localise(texts)}</p>
      {code === 'not-built' ? (
        <Button leftSection={<Icon name="build" />} onClick={() => void buildAndAsk().catch(reportError)}>
          {t('ask.buildAndAsk')}
        </Button>
      ) : (
        <Button onClick={onAskAgain}>{t('ask.askAgain')}</Button>
      )}
    </div>
  );
}
