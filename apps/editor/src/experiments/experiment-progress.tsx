import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Experiment } from '../api/experiments.ts';
import { cancelRun } from '../api/runs.ts';
import { formatCount, formatDuration } from '../i18n/format.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { TurningArc } from '../icons/state-icon.tsx';
import { ConfirmDialog } from '../pages/page-parts.tsx';
import { useAppearance } from '../theme/appearance.ts';
import styles from './experiments.module.css';
import { useProgress } from './use-progress.ts';

/** How far a measurement is, how long it will take, and the way to stop it. */
export function ExperimentProgress({ experiment }: { readonly experiment: Experiment }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const language = useAppearance((appearance) => appearance.language);
  const [isAsking, setIsAsking] = useState(false);
  const progress = useProgress(experiment.id, experiment.run, true);
  const { planned, made, failed } = experiment.answers;
  const counts = progress ?? { done: made, total: planned, failed };
  const part = counts.total === 0 ? 0 : counts.done / counts.total;
  const arm = experiment.arms.find(({ key }) => key === progress?.arm)?.name ?? '';
  const count = (number: number) => formatCount(number, language);
  return (
    <section className={styles.progress} aria-label={t('experiments.progress.title')}>
      <p className={styles.stage} role="status">
        <TurningArc />
        {progress === null
          ? experiment.state === 'queued'
            ? t('experiments.progress.queued')
            : t('experiments.progress.title')
          : t(`experiments.progress.stage.${progress.stage}`, { arm })}
      </p>
      <div
        className={styles.bar}
        role="progressbar"
        aria-label={t('experiments.progress.title')}
        aria-valuenow={Math.floor(part * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <i style={{ width: `${part * 100}%` }} />
      </div>
      <p className={styles.counts}>
        <span>{t('experiments.progress.done', { done: count(counts.done), total: count(counts.total) })}</span>
        {counts.failed > 0 && (
          <span className={styles.failedCount}>
            {t('experiments.progress.failed', { number: count(counts.failed) })}
          </span>
        )}
        <span className={styles.remaining}>
          {progress?.remainingSeconds == null
            ? t('experiments.progress.remainingUnknown')
            : t('experiments.progress.remaining', {
                time: formatDuration(progress.remainingSeconds * 1_000, language),
              })}
        </span>
        <Button onClick={() => setIsAsking(true)}>{t('experiments.progress.cancel')}</Button>
      </p>
      {experiment.warnings.map(({ code, arms, message }) => (
        <p key={`${code} ${arms.join(' ')}`} className={styles.notice}>
          {localise(message)}
        </p>
      ))}
      {isAsking && (
        <ConfirmDialog
          title={t('experiments.progress.cancelTitle')}
          text={t('experiments.progress.cancelText')}
          action={t('experiments.progress.cancel')}
          onClose={() => setIsAsking(false)}
          onConfirm={() => cancelRun(experiment.run)}
        />
      )}
    </section>
  );
}
