import { Button, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type QuestionSet, questionSetsQuery } from '../api/question-sets.ts';
import { formatCount } from '../i18n/format.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { useAppearance } from '../theme/appearance.ts';
import styles from './experiments.module.css';
import { QuestionSetDialog } from './question-set-dialog.tsx';

type QuestionSetFieldProps = {
  readonly label: string;
  readonly value: string | null;
  readonly onChange: (set: string | null) => void;
};

/** Chooses questions that are frozen already, or reads in others; tells what was found in them. */
export function QuestionSetField({ label, value, onChange }: QuestionSetFieldProps) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const { data: sets } = useQuery(questionSetsQuery);
  const [created, setCreated] = useState<QuestionSet | null>(null);
  const [isAdding, setIsAdding] = useState(false);
  // One that was just made is known before the list is read again.
  const known = [...(created === null || sets?.some(({ id }) => id === created.id) ? [] : [created]), ...(sets ?? [])];
  const chosen = known.find(({ id }) => id === value);
  return (
    <>
      <div className={styles.withButton}>
        <Select
          label={label}
          placeholder={known.length === 0 ? t('experiments.create.noSets') : t('experiments.create.chooseSet')}
          data={known.map(({ id, name, counts }) => ({
            value: id,
            label: t('experiments.create.setOption', { name, rows: formatCount(counts.rows, language) }),
          }))}
          value={value}
          disabled={known.length === 0}
          searchable={known.length > 8}
          allowDeselect={false}
          comboboxProps={{ shadow: 'md' }}
          onChange={onChange}
        />
        <Button onClick={() => setIsAdding(true)}>{t('experiments.create.addSet')}</Button>
      </div>
      {chosen !== undefined && <SetFacts set={chosen} />}
      {isAdding && (
        <QuestionSetDialog
          onClose={() => setIsAdding(false)}
          onCreated={(set) => {
            setCreated(set);
            onChange(set.id);
            setIsAdding(false);
          }}
        />
      )}
    </>
  );
}

function SetFacts({ set: { counts, findings } }: { readonly set: QuestionSet }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const language = useAppearance((appearance) => appearance.language);
  const count = (number: number) => formatCount(number, language);
  return (
    <div role="status">
      <p className={styles.hint}>
        {t('experiments.create.counts', {
          rows: count(counts.rows),
          clusters: count(counts.clusters),
          references: count(counts.withReference),
          unanswerable: count(counts.unanswerable),
        })}
      </p>
      {findings.map(({ code, message, count: number, places }) => (
        <details key={code} className={styles.finding}>
          <summary>{t('experiments.create.finding', { message: localise(message), count: count(number) })}</summary>
          <ul>
            {places.map(({ document, line, question, detail }) => (
              <li key={`${document} ${line} ${question}`}>
                {[document, line, question, detail].filter((part) => part !== null && part !== '').join(' · ')}
              </li>
            ))}
          </ul>
        </details>
      ))}
    </div>
  );
}
