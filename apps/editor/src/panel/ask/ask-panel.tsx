import { SegmentedControl, Switch } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDerivedFlow, useFlow, useOpenFlow, useRuns } from '../../flow/flow-context.tsx';
import { isOver } from '../../run/run-state.ts';
import { reportError } from '../../shell/notices.ts';
import styles from './ask.module.css';
import { type AskInputs, useAsked } from './ask-store.ts';
import { BuildHint } from './build-hint.tsx';
import { CitationList } from './citation-list.tsx';
import { isOfOneArm, listAskedArms } from './list-asked-arms.ts';
import { QuestionForm } from './question-form.tsx';
import { QuestionView } from './question-view.tsx';
import { readInterface } from './read-interface.ts';

/** Within so many pixels of its end, the talk counts as scrolled to its end. */
const nearEnd = 40;

/**
 * Questions and their answers, oldest first; beside them what the chosen answer cites. Answers of several arms take the
 * whole width, and have what they cite below them.
 */
export function AskPanel() {
  const { t } = useTranslation();
  const { control, runs } = useOpenFlow();
  const flow = useFlow((state) => state.id);
  const { graph } = useDerivedFlow();
  const { inputs, arms } = readInterface(graph);
  const all = useAsked((state) => state.entries);
  const ask = useAsked((state) => state.ask);
  const entries = all.filter((entry) => entry.flow === flow);
  const [arm, setArm] = useState<string | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const [marksDifferences, setMarksDifferences] = useState(false);
  const shown = entries.find(({ key }) => key === chosen) ?? entries.at(-1);
  const asked = useRuns((state) => {
    const run = entries.at(-1)?.run;
    return run == null ? undefined : state.runs[run];
  });
  const isBeside = useRuns((state) => {
    const run = shown?.run == null ? undefined : state.runs[shown.run];
    return shown !== undefined && run !== undefined && !isOfOneArm(shown, listAskedArms(shown, run, graph));
  });
  const isAnswering = asked !== undefined && !isOver(asked.phase);
  const output = arm !== null && (arm === '' || arms.some(({ name }) => name === arm)) ? arm : (arms[0]?.name ?? null);

  const talk = useRef<HTMLDivElement>(null);
  /** Whoever has scrolled up to read is left there while the answer grows. */
  const isAtEnd = useRef(true);
  const send = (values: AskInputs, wanted: string | null = output === '' ? null : output) => {
    setChosen(null);
    isAtEnd.current = true;
    void ask({ flow, inputs: values, output: wanted }, control);
  };

  const last = entries.at(-1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new question is scrolled to, and so is what comes of it
  useEffect(() => {
    const area = talk.current;
    if (area !== null && chosen === null && isAtEnd.current) area.scrollTop = area.scrollHeight;
  }, [last, chosen, asked]);

  return (
    <div className={styles.panel} data-beside={isBeside || undefined}>
      <div className={styles.talk}>
        <div className={styles.arms}>
          {arms.length > 1 && (
            <SegmentedControl
              className={styles.way ?? ''}
              aria-label={t('ask.arms')}
              data={[...arms.map(({ name }) => ({ value: name, label: name })), { value: '', label: t('ask.all') }]}
              value={output ?? ''}
              onChange={setArm}
            />
          )}
          <BuildHint />
          {isBeside && (
            <Switch
              className={styles.differences ?? ''}
              size="xs"
              label={t('ask.differences')}
              title={t('ask.differencesHint')}
              checked={marksDifferences}
              onChange={(event) => setMarksDifferences(event.currentTarget.checked)}
            />
          )}
        </div>
        <div
          ref={talk}
          className={styles.entries}
          aria-live="polite"
          aria-busy={isAnswering}
          onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
            isAtEnd.current = scrollHeight - scrollTop - clientHeight < nearEnd;
          }}
        >
          {entries.length === 0 && (
            <p className={styles.empty}>
              {arms.length === 0 ? t('ask.noOutput') : inputs.length === 0 ? t('ask.noInput') : t('ask.empty')}
            </p>
          )}
          {entries.map((entry) => (
            <QuestionView
              key={entry.key}
              entry={entry}
              inputs={inputs}
              isChosen={entry === shown}
              marksDifferences={marksDifferences}
              onChoose={() => {
                setChosen(entry.key);
                if (entry.run !== null) runs.getState().show(entry.run);
              }}
              onAskAgain={() => send(entry.inputs, entry.output)}
            />
          ))}
        </div>
        <QuestionForm
          inputs={inputs}
          disabled={arms.length === 0}
          isFirst={entries.length === 0}
          isAnswering={isAnswering}
          onSend={send}
          onStop={() => asked !== undefined && void control.stop(asked.id).catch(reportError)}
        />
      </div>
      {!isBeside && <CitationList entry={shown ?? null} />}
    </div>
  );
}
