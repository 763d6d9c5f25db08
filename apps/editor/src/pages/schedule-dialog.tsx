import { Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAllFlows, versionsQuery } from '../api/flows.ts';
import { ApiError } from '../api/problem.ts';
import { type Schedule, useSaveSchedule } from '../api/schedules.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { Dialog } from '../shell/dialog.tsx';
import { FormActions } from './form-actions.tsx';
import styles from './pages.module.css';
import { listTimeZones } from './time-zones.ts';

type ScheduleDialogProps = {
  /** Null: a new one. */
  readonly schedule: Schedule | null;
  readonly onClose: () => void;
};

const draft = 'draft';
const examples = { nightly: '0 3 * * *', weekdays: '0 3 * * 1-5', weekly: '0 3 * * 1', hourly: '0 * * * *' } as const;

/** Makes a schedule, or changes one. What the server cannot read is explained at its field. */
export function ScheduleDialog({ schedule, onClose }: ScheduleDialogProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const save = useSaveSchedule();
  const flows = useAllFlows();
  const [zones] = useState(() => listTimeZones(schedule?.timeZone));
  const [chosenFlow, setFlow] = useState(schedule?.flow ?? null);
  const [version, setVersion] = useState(schedule?.version ?? null);
  const [cron, setCron] = useState(schedule?.cron ?? '');
  const [timeZone, setTimeZone] = useState(schedule?.timeZone ?? zones.here);
  const flow = chosenFlow ?? (flows?.length === 1 ? (flows[0]?.id ?? null) : null);

  const explain = (path: string) =>
    save.error instanceof ApiError && save.error.path === path ? localise(save.error.texts) : null;
  const problems = { cron: explain('/cron'), timeZone: explain('/timeZone') };
  const isElsewhere = save.error !== null && problems.cron === null && problems.timeZone === null;
  const changeCron = (next: string) => {
    setCron(next);
    save.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (flow === null) return;
    const content = { version, cron: cron.trim(), timeZone, enabled: schedule?.enabled ?? true };
    save.mutate({ id: schedule?.id ?? null, flow, content }, { onSuccess: onClose });
  };
  return (
    <Dialog onClose={onClose} title={schedule === null ? t('schedules.new') : t('schedules.changeTitle')} size={460}>
      <form onSubmit={submit} className={styles.form}>
        <Select
          label={t('schedules.flow')}
          placeholder={t('schedules.chooseFlow')}
          data={flows?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={flow}
          disabled={schedule !== null}
          searchable={(flows?.length ?? 0) > 8}
          nothingFoundMessage={t('schedules.noMatch')}
          allowDeselect={false}
          comboboxProps={{ shadow: 'md' }}
          onChange={(chosen) => {
            setFlow(chosen);
            setVersion(null);
          }}
        />
        <ChooseVersion flow={flow} version={version} onChange={setVersion} />
        <div>
          <TextInput
            label={t('schedules.cron')}
            description={t('schedules.cronHint')}
            placeholder={examples.nightly}
            value={cron}
            maxLength={200}
            spellCheck={false}
            autoComplete="off"
            classNames={{ input: styles.mono ?? '' }}
            data-autofocus
            error={problems.cron}
            onChange={(event) => changeCron(event.currentTarget.value)}
          />
          <div className={styles.examples}>
            {(['nightly', 'weekdays', 'weekly', 'hourly'] as const).map((name) => (
              <button
                key={name}
                type="button"
                aria-pressed={cron === examples[name]}
                onClick={() => changeCron(examples[name])}
              >
                {t(`schedules.example.${name}`)}
              </button>
            ))}
          </div>
        </div>
        <Select
          label={t('schedules.timeZone')}
          data={zones.all.map((zone) => ({
            value: zone,
            label: zone === zones.here ? t('schedules.here', { zone }) : zone,
          }))}
          value={timeZone}
          searchable
          limit={100}
          nothingFoundMessage={t('schedules.noMatch')}
          allowDeselect={false}
          comboboxProps={{ shadow: 'md' }}
          error={problems.timeZone}
          onChange={(zone) => {
            if (zone !== null) setTimeZone(zone);
            save.reset();
          }}
        />
        <FormActions
          submit={schedule === null ? t('schedules.create') : t('common.save')}
          isWorking={save.isPending}
          isDisabled={flow === null || cron.trim() === ''}
          error={isElsewhere ? save.error : null}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}

type ChooseVersionProps = {
  readonly flow: string | null;
  /** Null: the draft. */
  readonly version: number | null;
  readonly onChange: (version: number | null) => void;
};

function ChooseVersion({ flow, version, onChange }: ChooseVersionProps) {
  const { t } = useTranslation();
  const { data } = useQuery({ ...versionsQuery(flow ?? ''), ...(flow === null && { enabled: false }) });
  const newest = (data?.items ?? []).map(({ number }) => number);
  // Only the newest page is listed; the one that is chosen may be older.
  const numbers = version === null || newest.includes(version) ? newest : [...newest, version];
  return (
    <Select
      label={t('schedules.what')}
      description={t('schedules.whatHint')}
      data={[
        { value: draft, label: t('schedules.draftChoice') },
        ...numbers.map((number) => ({ value: String(number), label: t('schedules.version', { number }) })),
      ]}
      value={version === null ? draft : String(version)}
      disabled={flow === null}
      allowDeselect={false}
      comboboxProps={{ shadow: 'md' }}
      onChange={(chosen) => onChange(chosen === null || chosen === draft ? null : Number(chosen))}
    />
  );
}
