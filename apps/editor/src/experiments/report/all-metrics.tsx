import { useTranslation } from 'react-i18next';
import type { ExperimentReport } from '../../api/experiments.ts';
import { useLocalised } from '../../i18n/use-localised.ts';
import { ArmName } from './arm-mark.tsx';
import { Score } from './figures.tsx';
import { chooseEstimate, findSummary, hasIntervals, listMetrics } from './read-report.ts';
import styles from './report.module.css';

/** Every metric over all questions, with its formula and source; one that does not apply to an arm says so. */
export function AllMetrics({ report }: { readonly report: ExperimentReport }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  return (
    <section>
      <header className={styles.sectionHead}>
        <h2 id="all-metrics">{t('report.metrics.title')}</h2>
        <p>{t(hasIntervals(report) ? 'report.metrics.hint' : 'report.metrics.hintPlain')}</p>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys */}
      <section className={styles.scroll} tabIndex={0} aria-labelledby="all-metrics">
        <table className={styles.comparison} data-plain>
          <thead>
            <tr>
              <th scope="col">{t('report.metrics.metric')}</th>
              {report.arms.map((arm) => (
                <th key={arm.key} scope="col">
                  <ArmName arm={arm} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {listMetrics(report).map(({ metric, compared }) => (
              <tr key={metric.id}>
                <th scope="row">
                  {localise(metric.title)}
                  <small>
                    {localise(metric.formula)} {localise(metric.limits)}
                    {metric.better === 'lower' && ` ${t('report.metrics.lowerIsBetter')}`} · {metric.source}
                  </small>
                </th>
                {report.arms.map((arm) => (
                  <td key={arm.key}>
                    <Score
                      estimate={chooseEstimate(findSummary(compared, arm.key))}
                      reasons={findSummary(compared, arm.key)?.leftOut.map(({ reason }) => reason) ?? []}
                      metric={metric}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
