import { ActionIcon, Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useFlow, useFlowActions, useOpenFlow } from '../flow/flow-context.tsx';
import { Icon } from '../icons/icon.tsx';
import { AppearanceSwitches } from './appearance-switches.tsx';
import { Brand } from './brand.tsx';
import { BuildButton } from './build-button.tsx';
import { FlowName } from './flow-name.tsx';
import { useLayout } from './layout-store.ts';
import { SaveStatus } from './save-status.tsx';
import styles from './top-bar.module.css';
import { VersionMenu } from './version-menu.tsx';

const PublishDialog = lazy(() =>
  import('../publish/publish-dialog.tsx').then(({ PublishDialog }) => ({ default: PublishDialog })),
);

/** The editor's top bar: where one is, what can be taken back, and the three things to do: build, ask, publish. */
export function TopBar() {
  const { t } = useTranslation();
  const [publishing, setPublishing] = useState(false);
  const flow = useFlow((state) => state.id);
  const tab = useLayout((layout) => (layout.panelOpen ? layout.tab : null));
  const showTab = useLayout((layout) => layout.showTab);
  return (
    <header className={styles.bar}>
      <Brand />
      <nav className={styles.crumb} aria-label={t('shell.breadcrumb')}>
        <Link to="/flows">{t('shell.flows')}</Link>
        <span className={styles.separator}>/</span>
        <FlowName />
      </nav>
      <SaveStatus />
      <VersionMenu />
      <UndoRedo />
      <div className={styles.grow} />
      <AppearanceSwitches />
      <span className={styles.rule} />
      <Button renderRoot={(props) => <Link {...props} to="/experiments/new" search={{ flow }} />}>
        {t('shell.experiments')}
      </Button>
      <BuildButton />
      <Button
        variant={tab === 'ask' ? 'light' : 'default'}
        aria-pressed={tab === 'ask'}
        leftSection={<Icon name="speech" />}
        onClick={() => showTab('ask')}
      >
        {t('shell.ask')}
      </Button>
      <Button
        variant="filled"
        fw="var(--weight-strong)"
        leftSection={<Icon name="publish" />}
        onClick={() => setPublishing(true)}
      >
        {t('shell.publish')}
      </Button>
      {publishing && (
        <Suspense>
          <PublishDialog onClose={() => setPublishing(false)} />
        </Suspense>
      )}
    </header>
  );
}

function UndoRedo() {
  const { t } = useTranslation();
  const { flow } = useOpenFlow();
  const { undo, redo } = useFlowActions();
  const canUndo = useStore(flow.temporal, (history) => history.pastStates.length > 0);
  const canRedo = useStore(flow.temporal, (history) => history.futureStates.length > 0);
  return (
    <div className={styles.pair}>
      <ActionIcon aria-label={t('shell.undo')} title={`${t('shell.undo')} (Ctrl+Z)`} disabled={!canUndo} onClick={undo}>
        <Icon name="undo" size={15} />
      </ActionIcon>
      <ActionIcon
        aria-label={t('shell.redo')}
        title={`${t('shell.redo')} (Ctrl+Shift+Z)`}
        disabled={!canRedo}
        onClick={redo}
      >
        <Icon name="redo" size={15} />
      </ActionIcon>
    </div>
  );
}
