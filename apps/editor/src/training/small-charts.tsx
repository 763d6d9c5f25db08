import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatCount, formatSmall } from '../i18n/format.ts';
import type { Curve, TrainingPoint } from '../run/training-curve.ts';
import { type Language, useAppearance } from '../theme/appearance.ts';
import { drawPath, placeValues } from './draw-curve.ts';
import styles from './training.module.css';

const area = { width: 148, height: 34, margin: 2 };

export const seriesNames = ['learningRate', 'gradientNorm', 'tokensPerSecond', 'memory', 'deviceMemory'] as const;
export type SeriesName = (typeof seriesNames)[number];

/** What else was measured at each step: a small chart for each, with its latest value. */
export function SmallCharts({ curve, lastStep }: { readonly curve: Curve; readonly lastStep: number }) {
  return (
    <div className={styles.small}>
      {seriesNames.map((name) => (
        <SmallChart key={name} name={name} points={curve.points} lastStep={lastStep} />
      ))}
    </div>
  );
}

type SmallChartProps = {
  readonly name: SeriesName;
  readonly points: readonly TrainingPoint[];
  readonly lastStep: number;
};

/** Nothing where it was never measured; a device without memory of its own tells 0. */
function SmallChart({ name, points, lastStep }: SmallChartProps) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const values = points.flatMap((point) => {
    const value = point[name];
    return value === undefined ? [] : [{ step: point.step, value }];
  });
  const last = values.at(-1);
  if (last === undefined || values.every(({ value }) => value === 0)) return null;
  const low = values.reduce((least, { value }) => Math.min(least, value), last.value);
  const high = values.reduce((most, { value }) => Math.max(most, value), last.value);
  const [dots = []] = placeValues([values], Math.max(lastStep, last.step), area);
  const format = (value: number) => formatSeries(name, value, language, t);
  return (
    <figure>
      <figcaption>
        <span>{t(`training.${name}`)}</span>
        <b>{format(last.value)}</b>
      </figcaption>
      <svg
        viewBox={`0 0 ${area.width} ${area.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('training.summary.series', {
          name: t(`training.${name}`),
          low: format(low),
          high: format(high),
          last: format(last.value),
        })}
      >
        <path d={drawPath(dots)} />
      </svg>
    </figure>
  );
}

export function formatSeries(name: SeriesName, value: number, language: Language, t: TFunction): string {
  switch (name) {
    case 'learningRate':
    case 'gradientNorm':
      return formatSmall(value, language);
    case 'tokensPerSecond':
      return t('training.tokensPerSecondValue', { number: formatCount(Math.round(value), language) });
    case 'memory':
    case 'deviceMemory':
      return formatBytes(value, language);
  }
}
