import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { LabelPair, Verdict } from '../api/experiments.ts';
import { isWriting } from '../canvas/typing-target.ts';
import styles from './experiments.module.css';

type PairViewProps = {
  readonly pair: LabelPair;
  readonly canUndo: boolean;
  readonly onJudge: (verdict: Verdict) => void;
  readonly onUndo: () => void;
};

const verdictKeys: Readonly<Record<string, Verdict>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowDown: 'tie' };
const choices = [
  ['left', 'chooseLeft'],
  ['tie', 'tie'],
  ['right', 'chooseRight'],
] as const;

/** Two answers to one question. Which arm gave which is not known here. */
export function PairView({ pair, canUndo, onJudge, onUndo }: PairViewProps) {
  const { t } = useTranslation();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
      const verdict = verdictKeys[event.key];
      if (verdict !== undefined) onJudge(verdict);
      else if (event.key === 'Backspace' && canUndo) onUndo();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [canUndo, onJudge, onUndo]);
  return (
    <>
      <section className={styles.asked}>
        <h2>{pair.question}</h2>
        {pair.references.length > 0 && (
          <p>
            <b>{t('experiments.labels.references')}</b>
            {pair.references.join(' / ')}
          </p>
        )}
      </section>
      <div className={styles.pairAnswers}>
        {(['left', 'right'] as const).map((side) => (
          <section
            key={side}
            aria-label={t(`experiments.labels.${side}`)}
            data-chosen={pair.verdict === side || undefined}
          >
            <h3>{t(`experiments.labels.${side}`)}</h3>
            <p>{pair[side] === '' ? t('experiments.labels.empty') : pair[side]}</p>
          </section>
        ))}
      </div>
      <div className={styles.choices}>
        {choices.map(([verdict, text]) => (
          <Button key={verdict} aria-pressed={pair.verdict === verdict} onClick={() => onJudge(verdict)}>
            {t(`experiments.labels.${text}`)}
          </Button>
        ))}
        <span className={styles.grow} />
        <Button variant="subtle" color="gray" disabled={!canUndo} onClick={onUndo}>
          {t('experiments.labels.undo')}
        </Button>
      </div>
      <p className={styles.keys}>{t('experiments.labels.keys')}</p>
    </>
  );
}
