import { ActionIcon, Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../icons/icon.tsx';
import { type PanelTab, panelTabs, useLayout } from '../shell/layout-store.ts';
import { AskPanel } from './ask/ask-panel.tsx';
import styles from './panel.module.css';
import { PastRuns } from './past-runs.tsx';
import { ProblemsPanel } from './problems/problems-panel.tsx';
import { useListedProblems } from './problems/use-listed-problems.ts';
import { TimelinePanel } from './timeline/timeline-panel.tsx';
import { useShowLatestRuns } from './use-show-latest-runs.ts';

const icons = { ask: 'speech', timeline: 'timeline', problems: 'warning' } as const;

/** Ask, timeline and problems. Their contents stay as they are while another one is looked at. */
export function BottomPanel() {
  const { t } = useTranslation();
  const { tab, panelOpen, showTab, setPanelOpen } = useLayout();
  useShowLatestRuns();
  return (
    <Tabs
      className={styles.tabs ?? ''}
      variant="none"
      value={panelOpen ? tab : null}
      onChange={(chosen) => {
        const next = panelTabs.find((candidate) => candidate === chosen);
        if (next !== undefined) showTab(next);
      }}
    >
      <div className={styles.bar}>
        <Tabs.List aria-label={t('panel.tabs')}>
          {panelTabs.map((name) => (
            <Tabs.Tab key={name} value={name} leftSection={<Icon name={icons[name]} />}>
              {t(`panel.${name}`)}
              {name === 'problems' && <ProblemBadge />}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <PastRuns />
        <ActionIcon
          aria-label={panelOpen ? t('panel.close') : t('panel.open')}
          title={panelOpen ? t('panel.close') : t('panel.open')}
          aria-expanded={panelOpen}
          onClick={() => setPanelOpen(!panelOpen)}
        >
          <span className={styles.turn} data-open={panelOpen || undefined}>
            <Icon name="chevron-down" size={13} />
          </span>
        </ActionIcon>
      </div>
      <Pane name="ask">
        <AskPanel />
      </Pane>
      <Pane name="timeline">
        <TimelinePanel />
      </Pane>
      <Pane name="problems">
        <ProblemsPanel />
      </Pane>
    </Tabs>
  );
}

function Pane({ name, children }: { readonly name: PanelTab; readonly children: ReactNode }) {
  return (
    <Tabs.Panel value={name} className={styles.pane ?? ''} keepMounted={name === 'ask'}>
      {children}
    </Tabs.Panel>
  );
}

/** Errors in red; where there are only warnings, their number. */
function ProblemBadge() {
  const problems = useListedProblems();
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  if (problems.length === 0) return null;
  return (
    <span className={styles.badge} data-severity={errors > 0 ? 'error' : 'warning'}>
      {errors > 0 ? errors : problems.length}
    </span>
  );
}
