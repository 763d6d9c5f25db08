import { useTranslation } from 'react-i18next';
import { CartesianGrid, Line, LineChart, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import type { ExperimentReport, ReportArm } from '../../api/experiments.ts';
import { formatCount, formatLoss } from '../../i18n/format.ts';
import { useAppearance } from '../../theme/appearance.ts';
import { CurveLegend } from '../../training/curve-legend.tsx';
import styles from './report.module.css';

const height = 180;
const axisText = { fontSize: 11, fill: 'var(--ink-3)' };

type TrainedModel = ReportArm['trained'][number];

/** How each tuned model learnt. */
export function LossCurves({ report }: { readonly report: ExperimentReport }) {
  return report.arms.flatMap(({ key, name, trained }) =>
    trained
      .filter(({ losses }) => losses.length > 0)
      .map((model) => <LossCurve key={`${key} ${model.node}`} model={model} arm={name} />),
  );
}

type LossCurveProps = { readonly model: TrainedModel; readonly arm: string };

function LossCurve({ model: { name: model, losses: points }, arm }: LossCurveProps) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const last = (name: 'loss' | 'evaluationLoss') => points.findLast((point) => point[name] !== null)?.[name] ?? null;
  const told = (['loss', 'evaluationLoss'] as const).flatMap((name) => {
    const value = last(name);
    const title = name === 'loss' ? t('report.charts.trained') : t('report.charts.evaluated');
    return value === null ? [] : [`${title}: ${formatLoss(value, language)}`];
  });
  return (
    <figure className={styles.figureBox}>
      <figcaption>
        <b>
          {t('report.charts.loss')} · {arm}
        </b>
        {t('report.charts.lossHint', { model })}
      </figcaption>
      <CurveLegend
        className={styles.legend}
        loss={t('report.charts.trained')}
        evaluation={t('report.charts.evaluated')}
      />
      <div className={styles.chart} role="img" aria-label={[model, ...told].join(', ')}>
        <ResponsiveContainer width="100%" height={height} initialDimension={{ width: 520, height }}>
          <LineChart data={points} margin={{ top: 8, right: 12, bottom: 0, left: 0 }} accessibilityLayer={false}>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="step"
              type="number"
              domain={[0, 'dataMax']}
              tick={axisText}
              tickFormatter={(step: number) => formatCount(step, language)}
              stroke="var(--line-strong)"
              tickLine={false}
              height={22}
            />
            <YAxis
              width={38}
              domain={['auto', 'auto']}
              tick={axisText}
              tickFormatter={(loss: number) => formatLoss(loss, language)}
              axisLine={false}
              tickLine={false}
            />
            <Line dataKey="loss" stroke="var(--curve-loss)" dot={false} connectNulls isAnimationActive={false} />
            <Line
              dataKey="evaluationLoss"
              stroke="var(--curve-evaluation)"
              strokeWidth={1.5}
              dot={{ r: 2.5, fill: 'var(--curve-evaluation)', strokeWidth: 0 }}
              connectNulls
              isAnimationActive={false}
            />
          </LineChart>
        </ResponsiveContainer>
      </div>
      <p className={styles.axisTitle} data-end>
        {t('report.charts.steps')}
      </p>
    </figure>
  );
}
