import { useTranslation } from 'react-i18next';
import type { ExperimentReport, ReportArm } from '../../api/experiments.ts';
import { useLocalised } from '../../i18n/use-localised.ts';
import { useAppearance } from '../../theme/appearance.ts';
import { formatMoney } from './format-figures.ts';
import { LossCurves } from './loss-curves.tsx';
import { type ChartPoint, QualityChart } from './quality-chart.tsx';
import { chooseEstimate, findMain, findSummary, hasIntervals, readCurrency } from './read-report.ts';
import styles from './report.module.css';

/** Quality against time, quality against money, and how the tuned models learnt. */
export function Charts({ report }: { readonly report: ExperimentReport }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const language = useAppearance((appearance) => appearance.language);
  const main = findMain(report);
  const currency = readCurrency(report);
  if (main === null) return null;
  const { metric, compared } = main;
  const place = (read: (arm: ReportArm) => number | null | undefined): readonly ChartPoint[] =>
    report.arms.flatMap((arm) => {
      const x = read(arm);
      const quality = chooseEstimate(findSummary(compared, arm.key));
      return x == null || quality === null ? [] : [{ arm, x, quality }];
    });
  const timed = place(({ speed }) => speed.total?.p50);
  const priced = place(({ key }) => report.costs.find(({ arm }) => arm === key)?.perThousandAnswers);
  const hint = t(hasIntervals(report) ? 'report.charts.hint' : 'report.charts.hintPlain');
  const yTitle = localise(metric.title);
  return (
    <section className={styles.charts}>
      {timed.length > 0 && (
        <figure className={styles.figureBox}>
          <figcaption>
            <b>{t('report.charts.latency')}</b>
            {hint}
          </figcaption>
          <QualityChart
            metric={metric}
            points={timed}
            xTitle={t('report.charts.seconds')}
            yTitle={yTitle}
            formatX={(seconds) => new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }).format(seconds)}
          />
        </figure>
      )}
      <figure className={styles.figureBox}>
        <figcaption>
          <b>{t('report.charts.cost')}</b>
          {priced.length > 0
            ? hint
            : t(report.form.prices === null ? 'report.charts.noCost' : 'report.charts.costNotMeasured')}
        </figcaption>
        {priced.length > 0 && (
          <QualityChart
            metric={metric}
            points={priced}
            xTitle={
              currency === null
                ? t('report.charts.costPerThousand')
                : t('report.charts.costPerThousandIn', { currency })
            }
            yTitle={yTitle}
            formatX={(cost) => formatMoney(cost, null, language)}
          />
        )}
      </figure>
      <LossCurves report={report} />
    </section>
  );
}
