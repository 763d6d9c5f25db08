import { type ArmKind, ArmShape, armColours } from './arm-mark.tsx';
import { placeOn } from './format-figures.ts';
import styles from './report.module.css';

const size = { width: 120, height: 12, end: 3 } as const;

type WhiskerProps = {
  readonly kind: ArmKind;
  readonly value: number;
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly range: readonly [low: number, high: number];
};

/** A value with its interval on a rail from one end of the range to the other. The figures stand beside it as text. */
export function Whisker({ kind, value, interval, range: [low, high] }: WhiskerProps) {
  const { width, height, end } = size;
  const middle = height / 2;
  const x = (at: number) => 6 + placeOn(at, low, high) * (width - 12);
  return (
    <svg className={styles.whisker} viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
      <path className={styles.rail} d={`M0 ${middle}H${width}`} />
      {interval !== null && (
        <path
          stroke={armColours[kind]}
          strokeWidth="1.5"
          d={`M${x(interval.low)} ${middle}H${x(interval.high)}M${x(interval.low)} ${end}V${height - end}M${x(interval.high)} ${end}V${height - end}`}
        />
      )}
      <g transform={`translate(${x(value)} ${middle}) scale(.75)`} fill={armColours[kind]}>
        <ArmShape kind={kind} />
      </g>
    </svg>
  );
}
