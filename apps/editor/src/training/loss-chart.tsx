import { useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { formatCount, formatLoss } from '../i18n/format.ts';
import type { TrainingPoint } from '../run/training-curve.ts';
import type { TrainingRun } from '../run/training-run.ts';
import { useAppearance } from '../theme/appearance.ts';
import { CurveLegend } from './curve-legend.tsx';
import { formatSeries, seriesNames } from './small-charts.tsx';
import styles from './training.module.css';
import { useTrainingSummary } from './use-training-summary.ts';

const height = 176;
const axisText = { fontSize: 11, fill: 'var(--ink-3)' };

/** Loss and evaluation loss over the steps; what was measured at a step is told where the pointer is. */
export function LossChart({ training }: { readonly training: TrainingRun }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const summary = useTrainingSummary(training);
  // Points come several times a second; the chart may lag behind so that everything else stays quick.
  const { curve, evaluations, plan } = useDeferredValue(training);
  const points = useMemo(() => mergePoints(curve.points, evaluations), [curve, evaluations]);
  const lastStep = Math.max(plan?.steps ?? 0, points.at(-1)?.step ?? 0);
  return (
    <figure>
      <CurveLegend className={styles.legend} loss={t('training.loss')} evaluation={t('training.evaluationLoss')} />
      <div className={styles.chart} role="img" aria-label={summary}>
        <ResponsiveContainer width="100%" height={height} initialDimension={{ width: 328, height }}>
          <LineChart data={points} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="step"
              type="number"
              domain={[0, lastStep]}
              tick={axisText}
              tickFormatter={(step: number) => formatCount(step, language)}
              stroke="var(--line-strong)"
              tickLine={false}
              height={22}
              minTickGap={24}
            />
            <YAxis
              width={38}
              domain={['auto', 'auto']}
              tick={axisText}
              tickFormatter={(loss: number) => formatLoss(loss, language)}
              axisLine={false}
              tickLine={false}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={{ stroke: 'var(--line-strong)', strokeDasharray: '3 3' }}
              content={({ active, label }) => {
                const point = active ? points.find(({ step }) => step === label) : undefined;
                return point === undefined ? null : <Values point={point} />;
              }}
            />
            <Line
              dataKey="loss"
              stroke="var(--curve-loss)"
              strokeWidth={1.25}
              dot={false}
              activeDot={{ r: 3 }}
              connectNulls
              isAnimationActive={false}
            />
            <Line
              dataKey="evaluationLoss"
              stroke="var(--curve-evaluation)"
              strokeWidth={1.5}
              dot={evaluations.length <= 60 && { r: 2.5, fill: 'var(--curve-evaluation)', strokeWidth: 0 }}
              activeDot={{ r: 4 }}
              connectNulls
              isAnimationActive={false}
            />
          </LineChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}

/** All that was measured at one step. */
function Values({ point }: { readonly point: TrainingPoint }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  return (
    <div className={styles.values}>
      <h6>{t('training.step', { step: formatCount(point.step, language) })}</h6>
      <dl>
        {(['loss', 'evaluationLoss'] as const).map((name) => (
          <Value
            key={name}
            title={t(`training.${name}`)}
            text={formatIfTold(point[name], (loss) => formatLoss(loss, language))}
          />
        ))}
        {seriesNames.map((name) => (
          <Value
            key={name}
            title={t(`training.${name}`)}
            text={formatIfTold(point[name] || undefined, (value) => formatSeries(name, value, language, t))}
          />
        ))}
      </dl>
    </div>
  );
}

function Value({ title, text }: { readonly title: string; readonly text: string | null }) {
  if (text === null) return null;
  return (
    <>
      <dt>{title}</dt>
      <dd>{text}</dd>
    </>
  );
}

function formatIfTold(value: number | undefined, format: (value: number) => string): string | null {
  return value === undefined ? null : format(value);
}

/** Both curves in one list, as the chart wants them. */
function mergePoints(
  points: readonly TrainingPoint[],
  evaluations: TrainingRun['evaluations'],
): readonly TrainingPoint[] {
  const merged = new Map(points.map((point) => [point.step, point]));
  for (const { step, loss } of evaluations) merged.set(step, { ...merged.get(step), step, evaluationLoss: loss });
  return [...merged.values()].sort((a, b) => a.step - b.step);
}
