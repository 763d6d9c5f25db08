import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useOpenFlow } from '../../flow/flow-context.tsx';
import { Icon } from '../../icons/icon.tsx';
import { TurningArc } from '../../icons/state-icon.tsx';
import { useLayout } from '../../shell/layout-store.ts';
import { reportError } from '../../shell/notices.ts';
import styles from './ask.module.css';
import { useBuildStatus } from './use-build-status.ts';

/** What questions are answered from, and the way to build where that is nothing, or no longer what is drawn. */
export function BuildHint() {
  const { t } = useTranslation();
  const { control } = useOpenFlow();
  const showTab = useLayout((layout) => layout.showTab);
  const status = useBuildStatus();
  if (status === null) return null;
  if (status.state === 'building') {
    return (
      <span className={styles.hint}>
        <TurningArc size={12} />
        {t('ask.building')}
      </span>
    );
  }
  if (status.state === 'built' && status.isCurrent) {
    return <span className={styles.hint}>{t('ask.fromBuild', { number: status.number })}</span>;
  }
  const build = () =>
    control.build().catch((error: unknown) => {
      showTab('problems');
      reportError(error);
    });
  return (
    <span className={styles.hint} data-wanted>
      <Icon name="warning" size={12} />
      {status.state === 'not-built' ? t('ask.notBuilt') : t('ask.draftChanged', { number: status.number })}
      <Button size="compact-xs" leftSection={<Icon name="build" size={12} />} onClick={() => void build()}>
        {t('ask.build')}
      </Button>
    </span>
  );
}
