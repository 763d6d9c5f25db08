import { useTranslation } from 'react-i18next';
import { CartesianGrid, ErrorBar, ResponsiveContainer, Scatter, ScatterChart, XAxis, YAxis } from 'recharts';
import type { Estimate, ReportArm, ReportMetric } from '../../api/experiments.ts';
import { useAppearance } from '../../theme/appearance.ts';
import { ArmShape, armColours } from './arm-mark.tsx';
import { formatInterval, formatScore, readEnds } from './format-figures.ts';
import styles from './report.module.css';

const height = 260;
const axisText = { fontSize: 11, fill: 'var(--ink-3)' };

export type ChartPoint = { readonly arm: ReportArm; readonly x: number; readonly quality: Estimate };

type QualityChartProps = {
  readonly metric: ReportMetric;
  readonly points: readonly ChartPoint[];
  readonly xTitle: string;
  readonly yTitle: string;
  readonly formatX: (x: number) => string;
};

/** Quality against what it costs, in time or money: an arm is a marker with its name, its interval a whisker. */
export function QualityChart({ metric, points, xTitle, yTitle, formatX }: QualityChartProps) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const told = points.map(({ arm, x, quality: { mean, interval } }) => ({
    arm,
    x,
    mean,
    interval: readEnds(interval),
  }));
  const [low, high] = metric.range;
  const widest = Math.max(...told.map(({ x }) => x));
  const summary = told.map(({ arm, x, mean, interval }) =>
    t('report.charts.point', {
      arm: arm.name,
      x: formatX(x),
      quality: [
        formatScore(mean, metric, language),
        ...(interval === null ? [] : [formatInterval(interval, metric, language)]),
      ].join(' '),
    }),
  );
  return (
    <>
      <p className={styles.axisTitle}>{yTitle}</p>
      <div className={styles.chart} role="img" aria-label={summary.join(language === 'ja' ? '。' : '. ')}>
        <ResponsiveContainer width="100%" height={height} initialDimension={{ width: 520, height }}>
          <ScatterChart margin={{ top: 12, right: 24, bottom: 4, left: 0 }} accessibilityLayer={false}>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="x"
              type="number"
              domain={[0, niceEnd(widest)]}
              tick={axisText}
              tickFormatter={formatX}
              stroke="var(--line-strong)"
              tickLine={false}
            />
            <YAxis
              dataKey="y"
              type="number"
              width={38}
              domain={[low, high ?? 'auto']}
              tick={axisText}
              tickFormatter={(score: number) => formatScore(score, metric, language).replace(/\.0$/, '')}
              axisLine={false}
              tickLine={false}
            />
            {told.map(({ arm, x, mean, interval }) => (
              <Scatter
                key={arm.key}
                data={[{ x, y: mean, error: interval === null ? [0, 0] : [mean - interval.low, interval.high - mean] }]}
                isAnimationActive={false}
                shape={({ cx = 0, cy = 0 }: { readonly cx?: number | undefined; readonly cy?: number | undefined }) => (
                  <Marker
                    {...{ arm, cx, cy }}
                    isFarRight={x > widest * 0.6}
                    isBelow={told.some((other) => other.mean > mean && Math.abs(other.x - x) < widest * 0.4)}
                  />
                )}
              >
                {interval !== null && (
                  <ErrorBar dataKey="error" direction="y" width={5} stroke={armColours[arm.kind]} strokeWidth={1.5} />
                )}
              </Scatter>
            ))}
          </ScatterChart>
        </ResponsiveContainer>
      </div>
      <p className={styles.axisTitle} data-end>
        {xTitle}
      </p>
    </>
  );
}

type MarkerProps = {
  readonly arm: ReportArm;
  readonly cx: number;
  readonly cy: number;
  readonly isFarRight: boolean;
  readonly isBelow: boolean;
};

/** The name stands on the side that has room: not between its marker and one above that is near. */
function Marker({ arm, cx, cy, isFarRight, isBelow }: MarkerProps) {
  return (
    <g transform={`translate(${cx} ${cy})`}>
      <g fill={armColours[arm.kind]}>
        <ArmShape kind={arm.kind} />
      </g>
      <text
        className={styles.markerName}
        x={isFarRight ? -11 : 11}
        y={isBelow ? 17 : -9}
        textAnchor={isFarRight ? 'end' : 'start'}
      >
        {arm.name}
      </text>
    </g>
  );
}

/** The next of 1, 2, 2.5, 5 times a power of ten, so that the axis ends behind the last marker. */
export function niceEnd(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= value * 1.05);
  return (step ?? 12.5) * power;
}
