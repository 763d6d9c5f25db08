import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type Experiment, experimentQuery } from '../api/experiments.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { PageHead } from '../pages/page-parts.tsx';
import pageStyles from '../pages/pages.module.css';
import { QueryError } from '../pages/query-error.tsx';
import { PageFrame } from '../shell/page-frame.tsx';
import { AssumptionsForm } from './assumptions-form.tsx';
import { ExperimentProgress } from './experiment-progress.tsx';
import styles from './experiments.module.css';
import { ReportPage } from './report-page.tsx';

const route = getRouteApi('/app/experiments/$experimentId');

export function ExperimentPage() {
  const { experimentId } = route.useParams();
  return <ExperimentReading key={experimentId} id={experimentId} />;
}

/** One experiment: while it is measured, how far it is; afterwards, the report. */
export function ExperimentReading({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const { data: experiment, error } = useQuery(experimentQuery(id));
  const isOver = experiment !== undefined && experiment.state !== 'queued' && experiment.state !== 'running';
  return (
    <PageFrame>
      <div className={styles.page}>
        <Link to="/experiments" className={pageStyles.back ?? ''}>
          {t('experiments.back')}
        </Link>
        {error !== null && <QueryError error={error} />}
        {experiment !== undefined &&
          (isOver ? <Ended experiment={experiment} /> : <UnderWay experiment={experiment} />)}
      </div>
    </PageFrame>
  );
}

/** The time it takes is a good one to say what the data cannot. */
function UnderWay({ experiment }: { readonly experiment: Experiment }) {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={experiment.name} intro={experiment.arms.map(({ name }) => name).join(' · ')} />
      <ExperimentProgress experiment={experiment} />
      <section className={styles.section}>
        <header>
          <h2>{t('experiments.form.title')}</h2>
        </header>
        <AssumptionsForm experiment={experiment.id} form={experiment.form} />
      </section>
    </>
  );
}

function Ended({ experiment }: { readonly experiment: Experiment }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  return (
    <>
      {experiment.error !== null && (
        <p className={pageStyles.error} role="alert">
          {t('experiments.progress.failedTitle')} {localise(experiment.error.message)}
        </p>
      )}
      <ReportPage experiment={experiment} />
    </>
  );
}
