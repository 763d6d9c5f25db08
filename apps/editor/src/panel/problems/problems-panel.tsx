import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { edgeId } from '../../flow/edge-id.ts';
import { useDerivedFlow, useFlow, useFlowActions, useOpenFlow } from '../../flow/flow-context.tsx';
import { useLocalised } from '../../i18n/use-localised.ts';
import { Icon } from '../../icons/icon.tsx';
import { useInspectorFocus } from '../../inspector/inspector-focus.ts';
import { useLayout } from '../../shell/layout-store.ts';
import { reportError } from '../../shell/notices.ts';
import { useAsked } from '../ask/ask-store.ts';
import styles from '../panel.module.css';
import type { ListedProblem, Remedy } from './list-problems.ts';
import { useListedProblems } from './use-listed-problems.ts';

/** Everything that is wrong, errors first, each with the way to it and what can be done. */
export function ProblemsPanel() {
  const { t } = useTranslation();
  const problems = useListedProblems();
  if (problems.length === 0) {
    return (
      <div className={styles.fine}>
        <b>
          <Icon name="check" />
          {t('panel.noProblems')}
        </b>
        {t('panel.noProblemsHint')}
      </div>
    );
  }
  return (
    <ul className={styles.problems}>
      {problems.map((problem) => (
        <ProblemRow key={problem.key} problem={problem} />
      ))}
    </ul>
  );
}

function ProblemRow({ problem }: { readonly problem: ListedProblem }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const title = useNodeTitle(problem.node);
  const heading = problem.document === null ? title : t('panel.documentFailed', { document: problem.document });
  return (
    <li data-severity={problem.severity}>
      <Icon name={problem.severity === 'error' ? 'failed' : 'warning'} size={15} />
      <div>
        <h4>
          {heading ?? t(`panel.severity.${problem.severity}`)}
          {problem.source !== 'flow' && (
            <small>{problem.source === 'build' ? t('panel.fromBuild') : t('panel.fromQuestion')}</small>
          )}
        </h4>
        <p>{localise(problem.message)}</p>
      </div>
      <div className={styles.actions}>
        {problem.remedies.map((remedy) => (
          <RemedyButton key={remedy.remedy} remedy={remedy} />
        ))}
      </div>
    </li>
  );
}

function useNodeTitle(id: string | null): string | null {
  const localise = useLocalised();
  const { graph } = useDerivedFlow();
  const node = useFlow((state) => (id === null ? undefined : state.document.nodes[id]));
  if (id === null) return null;
  const description = graph.nodes.get(id)?.description;
  return node?.title || (description === undefined ? (node?.type ?? id) : localise(description.title));
}

function RemedyButton({ remedy }: { readonly remedy: Remedy }): ReactNode {
  const { t } = useTranslation();
  const { flow, control } = useOpenFlow();
  const { select, disconnect, deleteSelection } = useFlowActions();
  const showTab = useLayout((layout) => layout.showTab);
  const focusSetting = useInspectorFocus((state) => state.focusSetting);
  switch (remedy.remedy) {
    case 'show-node':
      return <Button onClick={() => select([remedy.node])}>{t('panel.show')}</Button>;
    case 'open-setting':
      return (
        <Button
          onClick={() => {
            select([remedy.node]);
            focusSetting(remedy.node, remedy.setting);
          }}
        >
          {t('panel.openSetting')}
        </Button>
      );
    case 'remove-wire':
      return (
        <Button
          onClick={() => {
            const edge = flow.getState().document.edges[remedy.edge];
            if (edge !== undefined) disconnect([edgeId(edge)]);
          }}
        >
          {t('panel.removeWire')}
        </Button>
      );
    case 'remove-node':
      return (
        <Button
          onClick={() => {
            select([remedy.node]);
            deleteSelection();
          }}
        >
          {t('panel.removeNode')}
        </Button>
      );
    case 'build':
      return (
        <Button leftSection={<Icon name="build" />} onClick={() => void control.build().catch(reportError)}>
          {t('panel.buildNow')}
        </Button>
      );
    case 'ask-again':
      return (
        <Button
          leftSection={<Icon name="play" size={12} />}
          onClick={() => {
            const { entries, ask } = useAsked.getState();
            const last = entries.findLast((entry) => entry.flow === flow.getState().id);
            if (last === undefined) return;
            showTab('ask');
            void ask({ flow: last.flow, inputs: last.inputs, output: last.output }, control);
          }}
        >
          {t('panel.runAgain')}
        </Button>
      );
    case 'open-models':
      return (
        <Button component={Link} to="/models">
          {t('panel.openModels')}
        </Button>
      );
    case 'open-collections':
      return (
        <Button component={Link} to="/collections">
          {t('panel.openCollection')}
        </Button>
      );
  }
}
