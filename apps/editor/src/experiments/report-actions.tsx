import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import {
  answersCsvAddress,
  type Experiment,
  type ExperimentReport,
  reportJsonAddress,
  useStartExperiment,
} from '../api/experiments.ts';
import { Icon } from '../icons/icon.tsx';
import { saveTextFile } from '../pages/save-text-file.ts';
import { reportError } from '../shell/notices.ts';
import { useAppearance } from '../theme/appearance.ts';
import styles from './experiments.module.css';
import { writeReportPage } from './report/save-report.ts';

type ReportActionsProps = {
  readonly experiment: Experiment;
  readonly report: ExperimentReport;
  /** The report as it is shown, to be saved as a file. */
  readonly findShown: () => HTMLElement | null;
  readonly onChangeForm: () => void;
};

/** Files of the report, its assumptions, blind labelling, and measuring again under the same conditions. */
export function ReportActions({ experiment, report, findShown, onChangeForm }: ReportActionsProps) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const navigate = useNavigate();
  const start = useStartExperiment();
  const savePage = (withheld: string | null) => {
    const shown = findShown();
    if (shown === null) return;
    const page = writeReportPage(shown, { report, language, sheets: document.styleSheets, withheld });
    saveTextFile(`${report.experiment.name}.html`, page, 'text/html');
  };
  const measureAgain = () =>
    start.mutate(experiment.settings, {
      onSuccess: ({ id }) => void navigate({ to: '/experiments/$experimentId', params: { experimentId: id } }),
      onError: reportError,
    });
  return (
    <div className={styles.actions}>
      <fieldset className={styles.exports} aria-label={t('report.actions.export')}>
        <button type="button" onClick={() => savePage(null)}>
          {t('report.actions.html')}
        </button>
        <button
          type="button"
          title={t('report.actions.figuresHint')}
          onClick={() => savePage(t('report.rows.withheld'))}
        >
          {t('report.actions.figures')}
        </button>
        <a href={reportJsonAddress(experiment.id)} download={`${report.experiment.name}.json`}>
          {t('report.actions.json')}
        </a>
        <a href={answersCsvAddress(experiment.id)} download={`${report.experiment.name}.csv`}>
          {t('report.actions.csv')}
        </a>
      </fieldset>
      <span className={styles.grow} />
      <Button onClick={onChangeForm}>{t('experiments.form.edit')}</Button>
      {experiment.arms.length > 1 && (
        <Button
          renderRoot={(props) => (
            <Link {...props} to="/experiments/$experimentId/labels" params={{ experimentId: experiment.id }} />
          )}
        >
          {t('experiments.labels.open')}
        </Button>
      )}
      <Button variant="filled" leftSection={<Icon name="play" />} loading={start.isPending} onClick={measureAgain}>
        {t('report.actions.again')}
      </Button>
    </div>
  );
}
