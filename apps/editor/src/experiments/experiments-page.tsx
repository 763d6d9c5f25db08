import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type Experiment, experimentsQuery, useDeleteExperiment } from '../api/experiments.ts';
import { formatCount, formatTime } from '../i18n/format.ts';
import { phaseIcons } from '../icons/phase-icons.ts';
import { StateIcon } from '../icons/state-icon.tsx';
import { ListPage, MoreButton } from '../pages/list-page.tsx';
import { EmptyState } from '../pages/page-parts.tsx';
import pageStyles from '../pages/pages.module.css';
import { RowMenu } from '../pages/row-menu.tsx';
import { useAppearance } from '../theme/appearance.ts';
import styles from './experiments.module.css';

/** All experiments, newest first. */
export function ExperimentsPage() {
  const { t } = useTranslation();
  const query = useInfiniteQuery(experimentsQuery);
  return (
    <ListPage
      title={t('shell.experiments')}
      intro={t('experiments.intro')}
      items={query.data?.pages.flatMap(({ items }) => items)}
      error={query.error}
      action={<NewExperimentButton />}
      empty={
        <EmptyState glyph="dataset" title={t('experiments.none')} text={t('experiments.noneText')}>
          <NewExperimentButton />
        </EmptyState>
      }
      columns={[
        t('experiments.column.name'),
        t('experiments.column.state'),
        t('experiments.column.arms'),
        { figure: t('experiments.column.questions') },
        t('experiments.column.created'),
      ]}
      keyOf={({ id }) => id}
      renderItem={(experiment) => <ExperimentItem experiment={experiment} />}
    >
      <MoreButton query={query} />
    </ListPage>
  );
}

function NewExperimentButton() {
  const { t } = useTranslation();
  return (
    <Button variant="filled" renderRoot={(props) => <Link {...props} to="/experiments/new" />}>
      {t('experiments.new')}
    </Button>
  );
}

function ExperimentItem({
  experiment: { id, name, state, arms, questions, createdAt },
}: {
  readonly experiment: Experiment;
}) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const remove = useDeleteExperiment();
  return (
    <tr>
      <td className={pageStyles.main}>
        <Link to="/experiments/$experimentId" params={{ experimentId: id }}>
          {name}
        </Link>
      </td>
      <td className={pageStyles.word}>
        <span className={styles.state} data-phase={state}>
          <StateIcon state={phaseIcons[state]} size={12} />
          {t(`experiments.state.${state}`)}
        </span>
      </td>
      <td>{arms.map((arm) => arm.name).join(' · ')}</td>
      <td className={pageStyles.figure}>{formatCount(questions, language)}</td>
      <td className={pageStyles.time}>{formatTime(createdAt, language)}</td>
      <td className={pageStyles.menu}>
        <RowMenu
          name={name}
          deletion={{
            title: t('experiments.delete', { name }),
            text: t('experiments.deleteText'),
            run: () => remove.mutateAsync(id),
          }}
        />
      </td>
    </tr>
  );
}
