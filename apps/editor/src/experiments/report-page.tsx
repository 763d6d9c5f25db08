import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Experiment, experimentReportQuery, experimentRowsQuery } from '../api/experiments.ts';
import { MoreButton } from '../pages/list-page.tsx';
import { QueryError } from '../pages/query-error.tsx';
import { Dialog } from '../shell/dialog.tsx';
import { AssumptionsForm } from './assumptions-form.tsx';
import { ReportView } from './report/report-view.tsx';
import { ReportActions } from './report-actions.tsx';

/** The report of an experiment that has ended, and what can be done with it. */
export function ReportPage({ experiment }: { readonly experiment: Experiment }) {
  const { t } = useTranslation();
  const { data: report, error } = useQuery(experimentReportQuery(experiment.id));
  const rows = useInfiniteQuery(experimentRowsQuery(experiment.id));
  const shown = useRef<HTMLElement>(null);
  const [isChanging, setIsChanging] = useState(false);
  if (error !== null) return <QueryError error={error} />;
  if (report === undefined) return null;
  return (
    <>
      <ReportActions
        experiment={experiment}
        report={report}
        findShown={() => shown.current}
        onChangeForm={() => setIsChanging(true)}
      />
      <ReportView
        ref={shown}
        report={report}
        rows={rows.data?.pages.flatMap(({ items }) => items) ?? []}
        moreRows={<MoreButton query={rows} />}
      />
      {rows.error !== null && <QueryError error={rows.error} />}
      {isChanging && (
        <Dialog title={t('experiments.form.title')} size={560} onClose={() => setIsChanging(false)}>
          <AssumptionsForm experiment={experiment.id} form={report.form} onSaved={() => setIsChanging(false)} />
        </Dialog>
      )}
    </>
  );
}
