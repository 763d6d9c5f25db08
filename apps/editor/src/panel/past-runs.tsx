import type { Schemas } from '@kumiki/client';
import { Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { runsQuery } from '../api/runs.ts';
import { useFlow, useOpenFlow, useRuns } from '../flow/flow-context.tsx';
import { formatDuration, formatTime } from '../i18n/format.ts';
import { Icon } from '../icons/icon.tsx';
import { phaseIcons } from '../icons/phase-icons.ts';
import { StateIcon } from '../icons/state-icon.tsx';
import { reportError } from '../shell/notices.ts';
import { useAppearance } from '../theme/appearance.ts';
import { useAsked } from './ask/ask-store.ts';
import styles from './panel.module.css';
import { readRunQuestion, titleQuestion } from './read-run-question.ts';

type Run = Schemas['Run'];

/** Earlier runs of the flow; choosing one shows it again, on the canvas too. */
export function PastRuns() {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const id = useFlow((state) => state.id);
  const { control } = useOpenFlow();
  const shown = useRuns((state) => state.shown);
  const { data, refetch } = useQuery(runsQuery(id));
  // An experiment asks arms of its own, often of several flows: it is shown on its own page.
  const runs = data?.items.filter(({ kind }) => kind !== 'experiment');
  const replay = (run: Run) => {
    if (run.kind === 'experiment') return;
    if (run.kind === 'question') useAsked.getState().recall({ flow: id, run: run.id, ...readRunQuestion(run) });
    void control.replay(run.id, run.kind).catch(reportError);
  };
  return (
    <Menu position="bottom-end" onOpen={() => void refetch()}>
      <Menu.Target>
        <Button
          className={styles.past ?? ''}
          variant="subtle"
          color="gray"
          rightSection={<Icon name="chevron-down" size={12} />}
        >
          {t('panel.pastRuns')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={styles.runs ?? ''}>
        {runs?.length === 0 && <p className={styles.noRuns}>{t('panel.noPastRuns')}</p>}
        {runs?.map((run) => (
          <Menu.Item
            key={run.id}
            className={styles.runItem ?? ''}
            data-shown={run.id === shown.build || run.id === shown.question || undefined}
            leftSection={
              <span className={styles.runState} data-phase={run.state} title={t(`panel.phase.${run.state}`)}>
                <StateIcon state={phaseIcons[run.state]} />
              </span>
            }
            rightSection={<span className={styles.runTime}>{formatTime(run.createdAt, language)}</span>}
            onClick={() => replay(run)}
          >
            <span className={styles.runTitle}>
              <b>
                {run.kind === 'question'
                  ? (titleQuestion(run) ?? t('panel.run.question'))
                  : run.build === null
                    ? t('panel.run.build')
                    : t('panel.run.buildNumber', { number: run.build })}
              </b>
              {run.endpoint !== null && <small>{run.endpoint}</small>}
              {run.startedAt !== null && run.endedAt !== null && (
                <small>{formatDuration(Date.parse(run.endedAt) - Date.parse(run.startedAt), language)}</small>
              )}
            </span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
