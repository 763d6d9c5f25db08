import { useTranslation } from 'react-i18next';
import type { Difference, ExperimentReport, ReportMetric, TopicDifference } from '../../api/experiments.ts';
import { Icon } from '../../icons/icon.tsx';
import { useAppearance } from '../../theme/appearance.ts';
import { formatDifference, formatInterval, formatProbability, placeOn, readEnds } from './format-figures.ts';
import { judgeDifference, nameArm } from './read-report.ts';
import styles from './report.module.css';

const size = { width: 220, height: 22 } as const;

type Shown = Difference | TopicDifference;

type DifferencesProps = {
  readonly report: ExperimentReport;
  readonly metric: ReportMetric;
  /** Those of a topic are not tested, and get no verdict. */
  readonly differences: readonly Shown[];
};

/** Differences on one scale, each with its interval, and whether it is shown. */
export function Differences({ report, metric, differences }: DifferencesProps) {
  const { t } = useTranslation();
  if (differences.length === 0) return <p className={styles.none}>{t('report.differences.none')}</p>;
  const ends = differences.flatMap(({ mean, interval }) => [
    mean,
    readEnds(interval)?.low ?? 0,
    readEnds(interval)?.high ?? 0,
  ]);
  const scale = { low: Math.min(0, ...ends), high: Math.max(0, ...ends) };
  return (
    <table className={styles.differences}>
      <tbody>
        {differences.map((difference) => (
          <DifferenceRow key={`${difference.arm} ${difference.against}`} {...{ report, metric, difference, scale }} />
        ))}
      </tbody>
    </table>
  );
}

type DifferenceRowProps = Omit<DifferencesProps, 'differences'> & {
  readonly difference: Shown;
  readonly scale: { readonly low: number; readonly high: number };
};

function DifferenceRow({ report, metric, difference, scale }: DifferenceRowProps) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const { arm, against, mean, interval } = difference;
  const tested = 'shown' in difference ? difference : null;
  const verdict = tested === null ? null : judgeDifference(tested, metric);
  const isSure = verdict === 'better' || verdict === 'worse';
  return (
    <tr>
      <th scope="row">
        {t('report.differences.label', { arm: nameArm(report, arm), against: nameArm(report, against) })}
      </th>
      <td>
        <DifferenceLine mean={mean} ends={readEnds(interval)} isSure={isSure} scale={scale} />
      </td>
      <td className={styles.figure}>
        <b>{formatDifference(mean, metric, language)}</b>{' '}
        <small>{formatInterval(interval, metric, language) ?? <NoInterval interval={interval} />}</small>
      </td>
      {verdict !== null && (
        <td>
          <span
            className={styles.verdictWord}
            data-verdict={verdict}
            title={
              tested?.test == null
                ? undefined
                : t('report.differences.probability', { p: formatProbability(tested.test.adjusted, language) })
            }
          >
            {isSure && <Icon name={verdict === 'better' ? 'chevron-up' : 'chevron-down'} size={11} />}
            {t(`report.differences.verdict.${verdict}`)}
          </span>
        </td>
      )}
    </tr>
  );
}

function NoInterval({ interval }: Pick<Difference, 'interval'>) {
  const { t } = useTranslation();
  switch (interval.kind) {
    case 'interval':
      return null;
    case 'too-few-clusters':
      return t('report.differences.tooFew', { clusters: interval.clusters, needed: interval.needed });
    case 'no-variation':
      return t('report.differences.noVariation');
  }
}

type DifferenceLineProps = {
  readonly mean: number;
  readonly ends: { readonly low: number; readonly high: number } | null;
  readonly isSure: boolean;
  readonly scale: DifferenceRowProps['scale'];
};

/** What is not shown is drawn dashed and hollow. */
function DifferenceLine({ mean, ends, isSure, scale }: DifferenceLineProps) {
  const { width, height } = size;
  const middle = height / 2;
  const x = (value: number) => 8 + placeOn(value, scale.low, scale.high) * (width - 16);
  const [low, high] = ends === null ? [0, 0] : [x(ends.low), x(ends.high)];
  return (
    <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
      <path className={styles.zero} d={`M${x(0)} 0V${height}`} />
      <g className={styles.differenceLine} data-sure={isSure || undefined}>
        {ends !== null && <path d={`M${low} ${middle}H${high}M${low} ${middle - 4}v8M${high} ${middle - 4}v8`} />}
        <rect x={x(mean) - 3.5} y={middle - 3.5} width="7" height="7" />
      </g>
    </svg>
  );
}
