import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ExperimentForm, useSaveForm } from '../api/experiments.ts';
import { describeError } from '../api/problem.ts';
import { english } from '../i18n/english.ts';
import { japanese } from '../i18n/texts.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import pageStyles from '../pages/pages.module.css';
import { useNotices } from '../shell/notices.ts';
import { type Amount, type Assumptions, readAssumptions, typeForm, usualDays } from './assumptions.ts';
import styles from './experiments.module.css';

const prices = ['cpuHour', 'gpuHour', 'kilowattHour', 'millionTokensIn', 'millionTokensOut'] as const;

type AssumptionsFormProps = {
  readonly experiment: string;
  /** What was said before. */
  readonly form: Partial<ExperimentForm>;
  readonly onSaved?: () => void;
};

/** What the data cannot tell. Every field may stay empty; the report then says that it is not known. */
export function AssumptionsForm({ experiment, form, onSaved }: AssumptionsFormProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const save = useSaveForm(experiment);
  const [typed, setTyped] = useState(() => typeForm(form));
  const change = (changes: Partial<Assumptions>) => setTyped((before) => ({ ...before, ...changes }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(readAssumptions(typed, t('experiments.form.currencyExample')), {
      onSuccess: () => {
        useNotices.getState().say({ en: english.experiments.form.saved, ja: japanese.experiments.form.saved });
        onSaved?.();
      },
    });
  };
  const describe = (days: string) => {
    const usual = usualDays.find(({ every }) => every === days);
    return usual === undefined
      ? t('experiments.form.change.days', { days })
      : t(`experiments.form.change.${usual.name}`);
  };
  const amount = (name: Amount) => (
    <NumberInput
      key={name}
      label={t(`experiments.form.${name}`)}
      value={typed[name]}
      min={0}
      hideControls
      onChange={(value) => change({ [name]: value })}
    />
  );
  return (
    <form onSubmit={submit} className={pageStyles.form}>
      <p className={styles.hint}>{t('experiments.form.intro')}</p>
      <div className={styles.pair}>
        <Select
          label={t('experiments.form.factsChange')}
          data={listChanges(typed.factsChange).map((value) => ({
            value,
            label: describe(value),
          }))}
          value={typed.factsChange}
          clearable
          comboboxProps={{ shadow: 'md' }}
          onChange={(factsChange) => change({ factsChange })}
        />
        {amount('questionsPerMonth')}
        {amount('latencySeconds')}
        <Select
          label={t('experiments.form.latencyOf')}
          data={(['total', 'firstToken'] as const).map((value) => ({
            value,
            label: t(`experiments.form.until.${value}`),
          }))}
          value={typed.latencyOf}
          allowDeselect={false}
          comboboxProps={{ shadow: 'md' }}
          onChange={(value) => change({ latencyOf: value === 'firstToken' ? 'firstToken' : 'total' })}
        />
        {amount('smallestPoints')}
        <TextInput
          label={t('experiments.form.currency')}
          placeholder={t('experiments.form.currencyExample')}
          value={typed.currency}
          maxLength={8}
          onChange={(event) => change({ currency: event.currentTarget.value })}
        />
        {amount('budgetPreparation')}
        {amount('budgetMonthly')}
        {prices.map(amount)}
      </div>
      {save.error !== null && (
        <p className={pageStyles.error} role="alert">
          {localise(describeError(save.error))}
        </p>
      )}
      <div className={pageStyles.dialogActions}>
        <Button type="submit" loading={save.isPending}>
          {t('experiments.form.save')}
        </Button>
      </div>
    </form>
  );
}

/** The usual ones, and what was said by other means. */
function listChanges(chosen: string | null): readonly string[] {
  const usual: readonly string[] = usualDays.map(({ every }) => every);
  return chosen === null || usual.includes(chosen) ? usual : [...usual, chosen];
}
