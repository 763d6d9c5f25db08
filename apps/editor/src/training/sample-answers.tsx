import { Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFlow } from '../flow/flow-context.tsx';
import { formatCount } from '../i18n/format.ts';
import { LongText } from '../inspector/samples/long-text.tsx';
import type { TrainingSamples } from '../run/training-run.ts';
import { useAppearance } from '../theme/appearance.ts';
import styles from './training.module.css';

type SampleAnswersProps = { readonly node: string; readonly samples: readonly TrainingSamples[] };

/** What the model answers by now to the same few questions, beside its first answers. */
export function SampleAnswers({ node, samples }: SampleAnswersProps) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const [chosen, setChosen] = useState<number | null>(null);
  const [first] = samples;
  const latest = samples.at(-1);
  const questions = useSampleQuestions(node);
  if (first === undefined || latest === undefined) return null;
  const compared = samples.find(({ step }) => step === chosen) ?? latest;
  const nameStep = (step: number) =>
    step === 0 ? t('training.before') : t('training.atStep', { step: formatCount(step, language) });
  return (
    <div className={styles.samples}>
      <header className={styles.head}>
        <h4>
          {t('training.samples.title')}
          <small>{t('training.samples.hint')}</small>
        </h4>
        {samples.length > 2 && (
          <Select
            className={styles.steps ?? ''}
            aria-label={t('training.samples.compareWith')}
            data={samples.slice(1).map(({ step }) => ({ value: String(step), label: nameStep(step) }))}
            value={String(compared.step)}
            allowDeselect={false}
            onChange={(value) => setChosen(value === null || value === String(latest.step) ? null : Number(value))}
          />
        )}
      </header>
      <ol>
        {latest.answers.map((_, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a question is its place
          <li key={place}>
            <h5>
              {(questions.length === latest.answers.length && questions[place]) ||
                t('training.samples.question', { number: place + 1 })}
            </h5>
            <dl>
              {[first, ...(compared === first ? [] : [compared])].map(({ step, answers }) => (
                <div key={step}>
                  <dt>{nameStep(step)}</dt>
                  <dd>
                    {answers[place]?.trim() ? (
                      <LongText text={answers[place]} />
                    ) : (
                      <span className={styles.wait}>{t('training.samples.empty')}</span>
                    )}
                  </dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ol>
    </div>
  );
}

const none: readonly string[] = [];

/** The questions as the node's settings have them, one a line. None where it takes them from the data set. */
function useSampleQuestions(node: string): readonly string[] {
  const setting = useFlow((state) => state.document.nodes[node]?.settings.samplePrompts);
  if (typeof setting !== 'string') return none;
  return setting.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
}
