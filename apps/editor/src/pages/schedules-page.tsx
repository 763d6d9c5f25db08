import { Button, Menu, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAllFlows } from '../api/flows.ts';
import { runQuery } from '../api/runs.ts';
import { type Schedule, schedulesQuery, useDeleteSchedule, useSaveSchedule } from '../api/schedules.ts';
import { formatTimeIn } from '../i18n/format.ts';
import { Icon } from '../icons/icon.tsx';
import { phaseIcons } from '../icons/phase-icons.ts';
import { StateIcon } from '../icons/state-icon.tsx';
import { reportError } from '../shell/notices.ts';
import { useAppearance } from '../theme/appearance.ts';
import { ListPage } from './list-page.tsx';
import { EmptyState } from './page-parts.tsx';
import styles from './pages.module.css';
import { RowMenu } from './row-menu.tsx';
import { ScheduleDialog } from './schedule-dialog.tsx';

/** Which flows are built by the clock, when they were last and when they will be next. */
export function SchedulesPage() {
  const { t } = useTranslation();
  const { data: schedules, error } = useQuery(schedulesQuery);
  const flows = useAllFlows();
  const [edited, setEdited] = useState<Schedule | 'new' | null>(null);
  const nameFlow = (id: string) => flows?.find((flow) => flow.id === id)?.name ?? '…';
  const hasFlows = flows === undefined || flows.length > 0;
  const button = (
    <Button variant="filled" leftSection={<Icon name="plus" />} onClick={() => setEdited('new')}>
      {t('schedules.new')}
    </Button>
  );
  return (
    <ListPage
      title={t('shell.schedules')}
      intro={t('schedules.intro')}
      items={schedules}
      error={error}
      action={button}
      empty={
        <EmptyState
          glyph="clock"
          title={t('schedules.none')}
          text={hasFlows ? t('schedules.noneText') : t('schedules.noFlow')}
        >
          {hasFlows ? (
            button
          ) : (
            <Button component={Link} to="/flows">
              {t('common.toFlows')}
            </Button>
          )}
        </EmptyState>
      }
      columns={[
        t('schedules.column.flow'),
        t('schedules.column.cron'),
        t('schedules.column.last'),
        t('schedules.column.next'),
        t('schedules.column.enabled'),
      ]}
      keyOf={({ id }) => id}
      renderItem={(schedule) => (
        <ScheduleRow schedule={schedule} flow={nameFlow(schedule.flow)} onChange={() => setEdited(schedule)} />
      )}
    >
      {edited !== null && (
        <ScheduleDialog schedule={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
      )}
    </ListPage>
  );
}

type ScheduleRowProps = { readonly schedule: Schedule; readonly flow: string; readonly onChange: () => void };

/** Times are those of the schedule's own time zone, as its expression is. */
function ScheduleRow({ schedule, flow, onChange }: ScheduleRowProps) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const save = useSaveSchedule();
  const { id, cron, timeZone, version, enabled, nextAt } = schedule;
  return (
    <tr>
      <td className={styles.main}>
        <Link to="/flows/$flowId" params={{ flowId: schedule.flow }}>
          {flow}
        </Link>
        <small>{version === null ? t('schedules.draft') : t('schedules.version', { number: version })}</small>
      </td>
      <td>
        <span className={styles.cron}>
          <code>{cron}</code>
          <small>{timeZone}</small>
        </span>
      </td>
      <td className={styles.time}>
        <LastFiring schedule={schedule} />
      </td>
      <td className={styles.time}>{nextAt === null ? t('schedules.off') : formatTimeIn(nextAt, language, timeZone)}</td>
      <td className={styles.word}>
        <Switch
          size="xs"
          checked={enabled}
          disabled={save.isPending}
          aria-label={t('schedules.enable', { flow, cron })}
          label={t(enabled ? 'schedules.on' : 'schedules.isOff')}
          onChange={(event) =>
            save.mutate(
              { id, flow: schedule.flow, content: { version, cron, timeZone, enabled: event.currentTarget.checked } },
              { onError: reportError },
            )
          }
        />
      </td>
      <td className={styles.menu}>
        <ScheduleMenu schedule={schedule} flow={flow} onChange={onChange} />
      </td>
    </tr>
  );
}

/** When it fired last, and what came of it. */
function LastFiring({ schedule: { lastAt, lastRun, timeZone } }: { readonly schedule: Schedule }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const { data: run } = useQuery({ ...runQuery(lastRun ?? ''), ...(lastRun === null && { enabled: false }) });
  if (lastAt === null) return t('schedules.never');
  // A firing and its run are written at once: an older run is that of an earlier firing, and this one began none.
  const isOwn = lastRun !== null && (run === undefined || run.createdAt >= lastAt);
  return (
    <span className={styles.firing}>
      {formatTimeIn(lastAt, language, timeZone)}
      {isOwn && run !== undefined && (
        <span data-phase={run.state}>
          <StateIcon state={phaseIcons[run.state]} size={12} />
          {t(`panel.phase.${run.state}`)}
        </span>
      )}
      {!isOwn && (
        <span data-phase="failed" title={t('schedules.notBegunHint')}>
          <Icon name="failed" size={12} />
          {t('schedules.notBegun')}
        </span>
      )}
    </span>
  );
}

function ScheduleMenu({ schedule, flow, onChange }: ScheduleRowProps) {
  const { t } = useTranslation();
  const remove = useDeleteSchedule();
  return (
    <RowMenu
      name={`${flow} ${schedule.cron}`}
      deletion={{
        title: t('schedules.delete', { flow }),
        text: t('schedules.deleteText'),
        run: () => remove.mutateAsync(schedule.id),
      }}
    >
      <Menu.Item onClick={onChange}>{t('schedules.change')}</Menu.Item>
    </RowMenu>
  );
}
