import { useTranslation } from 'react-i18next';
import { formatCount } from '../i18n/format.ts';
import type { TrainingRun } from '../run/training-run.ts';
import { useAppearance } from '../theme/appearance.ts';
import styles from './training.module.css';

const reasons = ['no-trained-tokens', 'role-order', 'too-long'] as const;

/** Rows that could not be learnt from: how many for which reason, and the first of them. */
export function LeftOutRows({ leftOut: { counts, rows } }: { readonly leftOut: TrainingRun['leftOut'] }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const all = reasons.reduce((sum, reason) => sum + (counts[reason] ?? 0), 0);
  if (all === 0) return null;
  return (
    <details className={styles.details}>
      <summary>{t('training.leftOut.title', { number: formatCount(all, language) })}</summary>
      {reasons.map((reason) => {
        const count = counts[reason] ?? 0;
        if (count === 0) return null;
        return (
          <div key={reason} className={styles.leftOut}>
            <p>
              {t(`training.leftOut.reason.${reason}`)}
              <small>{t('inspector.count', { number: formatCount(count, language) })}</small>
            </p>
            <ul>{rows.map((row) => row.reason === reason && <li key={row.id}>{row.id}</li>)}</ul>
          </div>
        );
      })}
      {rows.length < all && (
        <p className={styles.wait}>{t('training.leftOut.first', { number: formatCount(rows.length, language) })}</p>
      )}
    </details>
  );
}
