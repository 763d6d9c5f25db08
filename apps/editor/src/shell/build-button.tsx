import { ActionIcon, Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/problem.ts';
import { useDerivedFlow, useOpenFlow, useRuns } from '../flow/flow-context.tsx';
import { Icon } from '../icons/icon.tsx';
import { TurningArc } from '../icons/state-icon.tsx';
import { measureProgress } from '../run/apply-event.ts';
import { isOver } from '../run/run-state.ts';
import { shownRun } from '../run/run-store.ts';
import { useLayout } from './layout-store.ts';
import { reportError } from './notices.ts';
import styles from './top-bar.module.css';

/** Starts a build; while one runs, how far it is, and the way to stop it. */
export function BuildButton() {
  const { t } = useTranslation();
  const { control } = useOpenFlow();
  const showTab = useLayout((layout) => layout.showTab);
  const { binding } = useDerivedFlow();
  const run = useRuns((state) => shownRun(state, 'build'));
  const build = useMutation({
    mutationFn: control.build,
    onError: (error) => {
      if (error instanceof ApiError && error.problems.length > 0) showTab('problems');
      reportError(error);
    },
  });

  if (run !== null && !isOver(run.phase)) {
    const planned = [...binding.nodes.values()].filter((time) => time === 'build').length;
    const percent = Math.round(measureProgress(run, planned) * 100);
    return (
      <span className={styles.building}>
        <TurningArc size={15} />
        {t('shell.buildingPercent', { percent })}
        <ActionIcon
          aria-label={t('shell.stopBuild')}
          title={t('shell.stopBuild')}
          onClick={() => void control.stop(run.id).catch(reportError)}
        >
          <span className={styles.stop} />
        </ActionIcon>
      </span>
    );
  }
  return (
    <Button leftSection={<Icon name="build" />} loading={build.isPending} onClick={() => build.mutate()}>
      {t('shell.build')}
    </Button>
  );
}
