import { Button, NumberInput, Select, Switch, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStartExperiment } from '../api/experiments.ts';
import { describeError } from '../api/problem.ts';
import { questionSetsQuery } from '../api/question-sets.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { PageHead } from '../pages/page-parts.tsx';
import pageStyles from '../pages/pages.module.css';
import { PageFrame } from '../shell/page-frame.tsx';
import { ArmPicker } from './arm-picker.tsx';
import { ChosenArms } from './chosen-arms.tsx';
import {
  chooseArms,
  type ExperimentDraft,
  emptyDraft,
  listSharedInputs,
  primaryMetrics,
  readDraft,
} from './experiment-draft.ts';
import styles from './experiments.module.css';
import { ModelChoiceField } from './model-choice-field.tsx';
import { ProbeFields } from './probe-fields.tsx';
import { QuestionSetField } from './question-set-field.tsx';
import { StartCheck } from './start-check.tsx';

const route = getRouteApi('/app/experiments/new');

export function NewExperimentPage() {
  const { flow } = route.useSearch();
  return <NewExperiment flow={flow ?? null} />;
}

/** Arms, questions, and how to measure; before it starts, how much that is and what to mind. */
export function NewExperiment({ flow }: { readonly flow: string | null }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const navigate = useNavigate();
  const start = useStartExperiment();
  const [draft, setDraft] = useState(emptyDraft);
  const { data: sets } = useQuery(questionSetsQuery);
  const change = (changes: Partial<ExperimentDraft>) => setDraft((before) => ({ ...before, ...changes }));
  const setName = sets?.find(({ id }) => id === draft.questionSet)?.name;
  const fallbackName = [draft.arms[0]?.flowName, setName].filter((part) => part !== undefined).join(' · ');
  const settings = readDraft(draft, fallbackName);
  const inputs = listSharedInputs(draft);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (settings === null) return;
    start.mutate(settings, {
      onSuccess: ({ id }) => void navigate({ to: '/experiments/$experimentId', params: { experimentId: id } }),
    });
  };
  return (
    <PageFrame>
      <div className={pageStyles.page}>
        <Link to="/experiments" className={pageStyles.back ?? ''}>
          {t('experiments.back')}
        </Link>
        <PageHead title={t('experiments.create.title')} intro={t('experiments.create.intro')} />
        <form onSubmit={submit} className={styles.form}>
          <Section title={t('experiments.create.arms')} hint={t('experiments.create.armsHint')}>
            <ArmPicker
              flow={flow}
              arms={draft.arms}
              onChange={(arms) => setDraft((before) => chooseArms(before, arms))}
            />
            <ChosenArms
              draft={draft}
              onArms={(arms) => setDraft((before) => chooseArms(before, arms))}
              onBaseline={(baseline) => change({ baseline })}
            />
          </Section>
          <Section title={t('experiments.create.questions')}>
            <QuestionSetField
              label={t('experiments.create.questionSet')}
              value={draft.questionSet}
              onChange={(questionSet) => change({ questionSet })}
            />
            {inputs.length > 1 && (
              <Select
                label={t('experiments.create.input')}
                data={[...inputs]}
                value={draft.input ?? inputs[0] ?? null}
                allowDeselect={false}
                onChange={(input) => change({ input })}
              />
            )}
          </Section>
          <Section title={t('experiments.create.measuring')}>
            <TextInput
              label={t('experiments.create.name')}
              placeholder={fallbackName || t('experiments.create.nameExample')}
              value={draft.name}
              maxLength={120}
              onChange={(event) => change({ name: event.currentTarget.value })}
            />
            <div className={styles.numbers}>
              <NumberInput
                label={t('experiments.create.repetitions')}
                description={t('experiments.create.repetitionsHint')}
                value={draft.repetitions}
                min={1}
                max={20}
                clampBehavior="strict"
                allowDecimal={false}
                onChange={(repetitions) => change({ repetitions })}
              />
              <NumberInput
                label={t('experiments.create.passages')}
                description={t('experiments.create.passagesHint')}
                value={draft.retrievedPassages}
                min={1}
                max={100}
                clampBehavior="strict"
                allowDecimal={false}
                onChange={(retrievedPassages) => change({ retrievedPassages })}
              />
              <NumberInput
                label={t('experiments.create.seed')}
                description={t('experiments.create.seedHint')}
                value={draft.seed}
                min={0}
                max={2_147_483_647}
                clampBehavior="strict"
                allowDecimal={false}
                hideControls
                onChange={(seed) => change({ seed })}
              />
            </div>
            <div className={styles.pair}>
              <ModelChoiceField
                label={t('experiments.create.judge')}
                hint={t('experiments.create.judgeHint')}
                purpose="chat"
                value={draft.judge}
                onChange={(judge) => change({ judge })}
              />
              <ModelChoiceField
                label={t('experiments.create.embedding')}
                purpose="embedding"
                value={draft.embedding}
                onChange={(embedding) => change({ embedding })}
              />
            </div>
            <Select
              label={t('experiments.create.primary')}
              description={t('experiments.create.primaryHint')}
              placeholder={t('experiments.create.primaryNone')}
              data={primaryMetrics.map((value) => ({ value, label: t(`experiments.metric.${value}`) }))}
              value={draft.primary}
              clearable
              comboboxProps={{ shadow: 'md' }}
              onChange={(value) => change({ primary: primaryMetrics.find((known) => known === value) ?? null })}
            />
            <Switch
              size="xs"
              label={t('experiments.create.includeTrained')}
              description={t('experiments.create.includeTrainedHint')}
              checked={draft.includeTrained}
              onChange={(event) => change({ includeTrained: event.currentTarget.checked })}
            />
          </Section>
          <Section title={t('experiments.create.newFacts')} hint={t('experiments.create.newFactsHint')}>
            <ProbeFields
              probe={draft.probe}
              onChange={(changes) => change({ probe: { ...draft.probe, ...changes } })}
            />
          </Section>
          <Section title={t('experiments.create.check')}>
            <StartCheck settings={settings} />
          </Section>
          {start.error !== null && (
            <p className={pageStyles.error} role="alert">
              {localise(describeError(start.error))}
            </p>
          )}
          <div className={pageStyles.dialogActions}>
            <Button type="submit" variant="filled" loading={start.isPending} disabled={settings === null}>
              {t('experiments.create.start')}
            </Button>
          </div>
        </form>
      </div>
    </PageFrame>
  );
}

type SectionProps = { readonly title: string; readonly hint?: string; readonly children: ReactNode };

function Section({ title, hint, children }: SectionProps) {
  return (
    <section className={styles.section}>
      <header>
        <h2>{title}</h2>
        {hint !== undefined && <p className={styles.hint}>{hint}</p>}
      </header>
      <div className={styles.fields}>{children}</div>
    </section>
  );
}
