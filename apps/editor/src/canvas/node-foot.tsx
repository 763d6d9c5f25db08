import type { Problem } from '@kumiki/flow';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatDuration, formatLoss } from '../i18n/format.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { Icon } from '../icons/icon.tsx';
import { StateIcon } from '../icons/state-icon.tsx';
import { findStateText, type NodeRun } from '../run/run-state.ts';
import { findLastStep, summariseEvaluations, type TrainingRun } from '../run/training-run.ts';
import { useAppearance } from '../theme/appearance.ts';
import { LossSketch } from '../training/loss-sketch.tsx';
import styles from './flow-node.module.css';
import type { NodeBody } from './node-geometry.ts';

/** Between ports and foot: streaming text, tokens, how far it is. */
export function NodeBodyView({ body, run }: { readonly body: NodeBody; readonly run: NodeRun | null }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  if (run === null) return null;
  const text = Object.values(run.text).join('\n');
  const { progress, usage } = run;
  return (
    <>
      {body.preview && (
        <p className={styles.preview}>
          <span>
            {lastPart(text)}
            <i />
          </span>
        </p>
      )}
      {body.tokens && usage !== null && (
        <p className={styles.tokens}>
          {t('nodes.tokens', {
            prompt: formatCount(usage.promptTokens, language),
            completion: formatCount(usage.completionTokens, language),
          })}
        </p>
      )}
      {body.curve && run.training !== null && <CurveRow run={run} training={run.training} />}
      {body.bar && progress !== null && progress.total !== null && (
        <div className={styles.bar}>
          <i style={{ width: `${percentOf(progress.done, progress.total)}%` }} />
        </div>
      )}
    </>
  );
}

type CurveRowProps = { readonly run: NodeRun; readonly training: TrainingRun };

/** The loss so far, beside the step that it is at; once it is over, what became of the evaluation loss. */
function CurveRow({ run, training }: CurveRowProps) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const evaluated = summariseEvaluations(training);
  const isOver = run.state !== 'running';
  return (
    <div className={styles.curve}>
      <LossSketch training={training} />
      {isOver && evaluated !== null ? (
        <span title={t('training.beforeAndBestHint')}>
          {t('training.beforeAndBest', {
            before: formatLoss(evaluated.before.loss, language),
            best: formatLoss(evaluated.best.loss, language),
          })}
        </span>
      ) : (
        <span>
          {formatCount(findLastStep(training), language)}
          {training.plan !== null && `/${formatCount(training.plan.steps, language)}`}
        </span>
      )}
    </div>
  );
}

type NodeFootProps = {
  readonly run: NodeRun | null;
  readonly problems: readonly Problem[];
  readonly type: string;
};

/** State in icon and word, count, time; before any run, what is wrong, else the type. */
export function NodeFoot({ run, problems, type }: NodeFootProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const [problem] = [...problems].sort((a, b) => a.severity.localeCompare(b.severity));
  if (run === null) {
    if (problem === undefined) return <footer className={styles.foot}>{type}</footer>;
    return (
      <footer
        className={styles.foot}
        data-severity={problem.severity}
        title={problems.map(({ message }) => localise(message)).join('\n')}
      >
        <Icon name="warning" size={13} />
        <b>{t(`nodes.problem.${problem.severity}`)}</b>
        {problems.length > 1 && <span className={styles.count}>{problems.length}</span>}
      </footer>
    );
  }
  return (
    <footer className={styles.foot}>
      <StateIcon state={run.state} />
      <b>{t(findStateText(run))}</b>
      <Count run={run} />
      <Time run={run} />
    </footer>
  );
}

/** Per cent while it runs, the number of items that came out once it is done. */
function Count({ run }: { readonly run: NodeRun }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const { progress, training } = run;
  if (run.state === 'running' && training !== null) {
    const { stage, share } = training;
    // Steps are told above, beside the curve.
    return stage === 'training' || share === null ? null : <span className={styles.count}>{percentOf(share, 1)}%</span>;
  }
  if (run.state === 'running' && progress !== null) {
    const shown =
      progress.total === null
        ? t('nodes.count', { items: formatCount(progress.done, language) })
        : `${percentOf(progress.done, progress.total)}%`;
    return <span className={styles.count}>{shown}</span>;
  }
  const [counts] = Object.values(run.counts).filter(({ items }) => items > 1);
  if (counts === undefined) return null;
  return <span className={styles.count}>{t('nodes.count', { items: formatCount(counts.items, language) })}</span>;
}

function Time({ run }: { readonly run: NodeRun }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const isWorking = run.state === 'running' || run.state === 'streaming';
  const now = useNow(isWorking);
  if (run.state === 'cached' && (run.milliseconds ?? 0) < 1) return null;
  if (run.milliseconds !== null) {
    return <span className={styles.time}>{formatDuration(run.milliseconds, language)}</span>;
  }
  if (!isWorking || run.startedAt === null) return null;
  // While it gets ready, how far it is says more than how long it has been.
  if (run.training?.stage != null && run.training.stage !== 'training') return null;
  const elapsed = Math.max(0, now - run.startedAt);
  if (run.state === 'streaming' && run.firstTextAt !== null && now - run.firstTextAt > 500) {
    const characters = Object.values(run.text).reduce((sum, text) => sum + text.length, 0);
    const speed = Math.round((characters * 1_000) / (now - run.firstTextAt));
    return <span className={styles.time}>{t('nodes.perSecond', { characters: speed })}</span>;
  }
  const left = estimateLeft(run, elapsed);
  const shown =
    left === null ? formatDuration(elapsed, language) : t('nodes.remaining', { time: formatDuration(left, language) });
  return <span className={styles.time}>{shown}</span>;
}

/** What is left in milliseconds: as its training tells, else at the speed so far, once enough is known for a guess. */
function estimateLeft({ progress, training }: NodeRun, elapsed: number): number | null {
  if (training !== null) {
    const { stage, remainingSeconds } = training;
    return stage === 'training' && remainingSeconds !== null ? remainingSeconds * 1_000 : null;
  }
  if (progress === null || progress.total === null || progress.done <= 0 || elapsed < 5_000) return null;
  return (elapsed * (progress.total - progress.done)) / progress.done;
}

/** The time, twice a second while something is at work. */
function useNow(isTicking: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isTicking) return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [isTicking]);
  return now;
}

function percentOf(done: number, total: number): number {
  return total <= 0 ? 0 : Math.min(100, Math.round((done * 100) / total));
}

/** The end of the text: more than the two lines of the preview hold, in any script. */
function lastPart(text: string): string {
  const characters = 60;
  return text.length <= characters ? text : `…${text.slice(-characters)}`;
}
