import { type ReactNode, type Ref, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExperimentReport, ExperimentRow } from '../../api/experiments.ts';
import { formatCount, formatDuration } from '../../i18n/format.ts';
import { useLocalised } from '../../i18n/use-localised.ts';
import { useAppearance } from '../../theme/appearance.ts';
import { AllMetrics } from './all-metrics.tsx';
import { Charts } from './charts.tsx';
import { ComparisonTable } from './comparison-table.tsx';
import { DividedRows } from './divided-rows.tsx';
import { findMain, nameArm } from './read-report.ts';
import styles from './report.module.css';
import { ReportFoot } from './report-foot.tsx';
import { Topics } from './topics.tsx';
import { Verdict } from './verdict.tsx';

type ReportViewProps = {
  readonly report: ExperimentReport;
  readonly rows: readonly ExperimentRow[];
  /** What brings more of the rows; it is no part of the file. */
  readonly moreRows?: ReactNode;
  readonly ref?: Ref<HTMLElement>;
};

/** The decision report. All that it shows is in the two values, so that it stands by itself in a file, too. */
export function ReportView({ report, rows, moreRows, ref }: ReportViewProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const language = useAppearance((appearance) => appearance.language);
  const { experiment, counts } = report;
  const warnings = useId();
  const made = counts.answered + counts.refused + counts.failed;
  return (
    <article ref={ref} className={styles.report}>
      <header className={styles.title}>
        <div>
          <p className={styles.kicker}>{t('report.title')}</p>
          <h1>{experiment.name}</h1>
        </div>
        <ReportFacts report={report} />
      </header>
      {!experiment.complete && (
        <p className={styles.notice}>
          {t('report.incomplete', {
            made: formatCount(made, language),
            planned: formatCount(counts.planned, language),
          })}
        </p>
      )}
      <Verdict report={report} />
      {report.warnings.length > 0 && (
        <section aria-labelledby={warnings} className={styles.warnings}>
          <h2 id={warnings}>{t('report.warnings')}</h2>
          <ul className={styles.reasons}>
            {report.warnings.map(({ code, arms, message }) => (
              <li key={`${code} ${arms.join(' ')}`}>
                {localise(message)}
                {arms.length > 0 && <small>{arms.map((key) => nameArm(report, key)).join(' · ')}</small>}
              </li>
            ))}
          </ul>
        </section>
      )}
      <ComparisonTable report={report} />
      <Charts report={report} />
      <Topics report={report} />
      <DividedRows report={report} rows={rows}>
        {moreRows}
      </DividedRows>
      <AllMetrics report={report} />
      <ReportFoot report={report} />
    </article>
  );
}

function ReportFacts({ report }: { readonly report: ExperimentReport }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const count = (number: number) => formatCount(number, language);
  const { counts, reproduce, experiment } = report;
  const { startedAt, endedAt } = experiment;
  const compared = findMain(report)?.compared.arms.find(({ common }) => common !== null)?.common?.rows;
  const took = startedAt === null || endedAt === null ? null : Date.parse(endedAt) - Date.parse(startedAt);
  const leftOut = counts.leftOut.reduce((sum, { count: number }) => sum + number, 0);
  return (
    <dl>
      <div>
        <dt>{t('report.facts.questionSet')}</dt>
        <dd>
          {reproduce.questionSet.name}
          <small>{t('report.facts.questions', { rows: count(counts.rows), clusters: count(counts.clusters) })}</small>
        </dd>
      </div>
      <div>
        <dt>{t('report.facts.repetitions')}</dt>
        <dd>{t('report.facts.repetitionsValue', { number: counts.repetitions })}</dd>
      </div>
      <div>
        <dt>{t('report.facts.leftOut')}</dt>
        <dd>
          {leftOut === 0 ? t('report.facts.leftOutNone') : t('report.facts.leftOutValue', { number: count(leftOut) })}
          {compared !== undefined && <small>{t('report.facts.compared', { number: count(compared) })}</small>}
          {counts.failed > 0 && <small>{t('report.facts.failed', { number: count(counts.failed) })}</small>}
        </dd>
      </div>
      <div>
        <dt>{t('report.facts.measured')}</dt>
        <dd>
          {/* With its year: a report is kept. */}
          {new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(
            new Date(endedAt ?? experiment.createdAt),
          )}
          {took !== null && <small>{t('report.facts.took', { time: formatDuration(took, language) })}</small>}
        </dd>
      </div>
    </dl>
  );
}
