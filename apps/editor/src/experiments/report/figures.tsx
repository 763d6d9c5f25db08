import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Estimate, ReportMetric } from '../../api/experiments.ts';
import { useAppearance } from '../../theme/appearance.ts';
import type { ArmKind } from './arm-mark.tsx';
import { formatInterval, formatScore, readEnds } from './format-figures.ts';
import styles from './report.module.css';
import { Whisker } from './whisker.tsx';

/** Reasons that lie in the arm or in the question: there is nothing that could be measured. */
const inapplicable = [
  'no-passages-known',
  'no-retrieval',
  'nothing-cited',
  'nothing-stated',
  'answer-in-documents',
  'answer-not-in-documents',
  'script-without-spaces',
] as const;
const unmeasured = [
  'no-judge',
  'judge-unreadable',
  'not-told',
  'no-reference',
  'answerable-not-known',
  'zero-vector',
  'no-variation',
  'too-few',
  'failed',
  'overlaps-training',
  'duplicate-row',
  'row-too-large',
  'row-unreadable',
  'model-changed',
  'not-asked',
] as const;

/** What was not measured at all. */
export function NotMeasured() {
  const { t } = useTranslation();
  return <span className={styles.absent}>{t('report.absence.notMeasured')}</span>;
}

/** Where a metric has no value: that it does not apply, or that it was not measured, and why. Never a 0. */
export function Absent({ reasons }: { readonly reasons: readonly string[] }) {
  const { t } = useTranslation();
  const [first] = reasons;
  const applies = inapplicable.find((reason) => reason === first);
  const measured = unmeasured.find((reason) => reason === first);
  const why = applies ?? measured;
  return (
    <span className={styles.absent}>
      {applies === undefined ? t('report.absence.notMeasured') : t('report.absence.notApplicable')}
      {(why ?? first) !== undefined && <small>{why === undefined ? first : t(`report.reason.${why}`)}</small>}
    </span>
  );
}

type MeasuredProps = { readonly value: number | null | undefined; readonly format: (value: number) => ReactNode };

export function Measured({ value, format }: MeasuredProps) {
  return value == null ? <NotMeasured /> : format(value);
}

type ScoreProps = {
  readonly estimate: Estimate | null;
  /** Why there is no value. */
  readonly reasons: readonly string[];
  readonly metric: ReportMetric;
  /** Draws it on a rail as well. */
  readonly kind?: ArmKind;
};

/** A mean with its interval. */
export function Score({ estimate, reasons, metric, kind }: ScoreProps) {
  const language = useAppearance((appearance) => appearance.language);
  if (estimate === null) return <Absent reasons={reasons} />;
  const { mean, interval } = estimate;
  const ends = formatInterval(interval, metric, language);
  const [low, high] = metric.range;
  return (
    <>
      <b>{formatScore(mean, metric, language)}</b>
      {ends !== null && <small> {ends}</small>}
      {kind !== undefined && high !== null && (
        <Whisker kind={kind} value={mean} interval={readEnds(interval)} range={[low, high]} />
      )}
    </>
  );
}
