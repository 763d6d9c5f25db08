import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatDuration, formatLoss } from '../i18n/format.ts';
import type { NodeRun } from '../run/run-state.ts';
import { findLastStep, hasCurve, summariseEvaluations, type TrainingRun } from '../run/training-run.ts';
import { useAppearance } from '../theme/appearance.ts';
import { Estimate } from './estimate.tsx';
import { LeftOutRows } from './left-out-rows.tsx';
import { SampleAnswers } from './sample-answers.tsx';
import { SmallCharts } from './small-charts.tsx';
import { StopTraining } from './stop-training.tsx';
import styles from './training.module.css';

/** Charts come with a library that most people's first page does not need. */
const LossChart = lazy(async () => ({ default: (await import('./loss-chart.tsx')).LossChart }));

type TrainingSectionProps = {
  readonly node: string;
  readonly run: NodeRun;
  readonly training: TrainingRun;
  /** Of a training of another time: when that was. */
  readonly note?: ReactNode;
};

/** How the training of a node goes, or went. */
export function TrainingSection({ node, run, training, note }: TrainingSectionProps) {
  const { t } = useTranslation();
  const isAtWork = run.state === 'running';
  return (
    <section className={styles.section} aria-labelledby={`${node}-training`}>
      <header className={styles.head}>
        <h3 id={`${node}-training`}>
          {t('training.title')}
          <Progress training={training} isAtWork={isAtWork} />
        </h3>
        {isAtWork && training.stage === 'training' && <StopTraining node={node} />}
      </header>
      {note !== undefined && <p className={styles.facts}>{note}</p>}
      {isAtWork && <StageBar training={training} />}
      <Facts training={training} />
      {hasCurve(training) ? (
        <>
          <Suspense fallback={<div className={styles.chart} />}>
            <LossChart training={training} />
          </Suspense>
          <EvaluationTable training={training} />
          <SmallCharts curve={training.curve} lastStep={training.plan?.steps ?? 0} />
        </>
      ) : (
        isAtWork && training.stage === 'training' && <p className={styles.wait}>{t('training.waiting')}</p>
      )}
      <SampleAnswers node={node} samples={training.samples} />
      <LeftOutRows leftOut={training.leftOut} />
    </section>
  );
}

function Progress({ training, isAtWork }: { readonly training: TrainingRun; readonly isAtWork: boolean }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const { plan, remainingSeconds } = training;
  if (plan === null) return null;
  const step = formatCount(findLastStep(training), language);
  const remaining = isAtWork && remainingSeconds !== null ? formatDuration(remainingSeconds * 1_000, language) : null;
  return (
    <small>
      <span className={styles.part}>
        {t('training.steps', { step, steps: formatCount(plan.steps, language) })}
        {remaining !== null && ' · '}
      </span>
      {remaining !== null && <span className={styles.part}>{t('training.remaining', { time: remaining })}</span>}
    </small>
  );
}

/** What it is at, and how far: of the training itself in steps, of all else as it tells. */
function StageBar({ training }: { readonly training: TrainingRun }) {
  const { t } = useTranslation();
  const { stage, share, plan } = training;
  if (stage === null) return null;
  const part = stage === 'training' && plan !== null ? findLastStep(training) / Math.max(1, plan.steps) : share;
  const percent = part === null ? null : Math.round(Math.min(1, part) * 100);
  return (
    <div className={styles.stage}>
      <span>{t(`nodes.training.${stage}`)}</span>
      <div
        className={styles.bar}
        role="progressbar"
        aria-label={t(`nodes.training.${stage}`)}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(percent === null ? {} : { 'aria-valuenow': percent })}
      >
        <i style={{ width: `${percent ?? 0}%` }} />
      </div>
      <span>{percent !== null && `${percent}%`}</span>
    </div>
  );
}

/** The estimate, what it learns from, and what became of the evaluation loss. */
function Facts({ training }: { readonly training: TrainingRun }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const { estimate, plan } = training;
  const evaluated = summariseEvaluations(training);
  return (
    <>
      {estimate !== null && <Estimate estimate={estimate} />}
      {plan !== null && (
        <p className={styles.facts}>
          {t('training.rows', {
            train: formatCount(plan.rows.train, language),
            evaluation: formatCount(plan.rows.evaluation, language),
          })}
          {plan.resumedFrom > 0 && (
            <span>{t('training.resumedFrom', { step: formatCount(plan.resumedFrom, language) })}</span>
          )}
        </p>
      )}
      {evaluated !== null && (
        <div className={styles.losses}>
          <h4>{t('training.evaluationLoss')}</h4>
          <dl>
            {(['before', 'last', 'best'] as const).map((which) => (
              <div key={which}>
                <dt>{t(`training.${which === 'last' ? 'latest' : which}`)}</dt>
                <dd>
                  <b>{formatLoss(evaluated[which].loss, language)}</b>
                  {which !== 'before' && (
                    <small>{t('training.atStep', { step: formatCount(evaluated[which].step, language) })}</small>
                  )}
                </dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </>
  );
}

/** The evaluations in figures, for whoever wants them exactly, or does not see the chart. */
function EvaluationTable({ training: { evaluations } }: { readonly training: TrainingRun }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  if (evaluations.length < 2) return null;
  return (
    <details className={styles.details}>
      <summary>{t('training.evaluations', { number: formatCount(evaluations.length, language) })}</summary>
      <ol className={styles.evaluations}>
        {evaluations.map(({ step, loss }) => (
          <li key={step}>
            <span>
              {step === 0 ? t('training.before') : t('training.atStep', { step: formatCount(step, language) })}
            </span>
            <b>{formatLoss(loss, language)}</b>
          </li>
        ))}
      </ol>
    </details>
  );
}
