import type { TrainingRun } from '../run/training-run.ts';
import { drawPath, placeLosses } from './draw-curve.ts';
import styles from './loss-sketch.module.css';
import { useTrainingSummary } from './use-training-summary.ts';

const area = { width: 70, height: 24, margin: 3 };

/** The course of a training on its node: loss as a line, evaluations as dots on theirs. */
export function LossSketch({ training }: { readonly training: TrainingRun }) {
  const summary = useTrainingSummary(training);
  const { loss, evaluation } = placeLosses(training, area);
  return (
    <svg
      className={styles.sketch}
      viewBox={`0 0 ${area.width} ${area.height}`}
      width={area.width}
      height={area.height}
      preserveAspectRatio="none"
      role="img"
      aria-label={summary}
    >
      <path className={styles.loss} d={drawPath(loss)} />
      <path className={styles.evaluation} d={drawPath(evaluation)} />
      {evaluation.length <= 12 &&
        evaluation.map(({ x, y }) => <circle key={x} className={styles.dot} cx={x} cy={y} r={1.7} />)}
    </svg>
  );
}
