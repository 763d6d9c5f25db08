import { useTranslation } from 'react-i18next';
import { formatCount, formatLoss } from '../i18n/format.ts';
import { findLastStep, summariseEvaluations, type TrainingRun } from '../run/training-run.ts';
import { useAppearance } from '../theme/appearance.ts';

/** What the charts of a training show, in words, for those who do not see them. */
export function useTrainingSummary(training: TrainingRun): string {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const measured = training.curve.points.flatMap(({ loss }) => (loss === undefined ? [] : [loss]));
  const [first] = measured;
  const last = measured.at(-1);
  const evaluated = summariseEvaluations(training);
  const step = findLastStep(training);
  const parts = [
    training.plan === null
      ? t('training.summary.step', { step: formatCount(step, language) })
      : t('training.summary.steps', {
          step: formatCount(step, language),
          steps: formatCount(training.plan.steps, language),
        }),
    first !== undefined &&
      last !== undefined &&
      t('training.summary.loss', { first: formatLoss(first, language), last: formatLoss(last, language) }),
    evaluated !== null &&
      t('training.summary.evaluation', {
        before: formatLoss(evaluated.before.loss, language),
        last: formatLoss(evaluated.last.loss, language),
        best: formatLoss(evaluated.best.loss, language),
        step: formatCount(evaluated.best.step, language),
      }),
  ];
  return parts.filter((part) => part !== false).join(' ');
}
