import type { BindingTime } from '@kumiki/flow';
import { useTranslation } from 'react-i18next';
import { formatCount, formatDuration } from '../i18n/format.ts';
import { Icon } from '../icons/icon.tsx';
import { StateIcon } from '../icons/state-icon.tsx';
import { findStateText, type NodeRun } from '../run/run-state.ts';
import { useAppearance } from '../theme/appearance.ts';
import styles from './inspector.module.css';

type NodeStateLineProps = { readonly run: NodeRun | null; readonly time: BindingTime | null };

/** State in icon and word, how long, how many; and when the node does its work. */
export function NodeStateLine({ run, time }: NodeStateLineProps) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const items = Object.values(run?.counts ?? {}).reduce((most, counts) => Math.max(most, counts.items), 0);
  return (
    <div className={styles.strip}>
      {run === null ? (
        <span className={styles.state}>{t('nodes.notRun')}</span>
      ) : (
        <span className={styles.state} data-state={run.state}>
          <StateIcon state={run.state} />
          {t(findStateText(run))}
        </span>
      )}
      {run !== null && run.milliseconds !== null && <span>{formatDuration(run.milliseconds, language)}</span>}
      {items > 1 && <span>{t('inspector.count', { number: formatCount(items, language) })}</span>}
      {run !== null && run.usage !== null && (
        <span>
          {t('nodes.tokens', {
            prompt: formatCount(run.usage.promptTokens, language),
            completion: formatCount(run.usage.completionTokens, language),
          })}
        </span>
      )}
      {time !== null && (
        <span className={styles.tag} data-time={time}>
          <Icon name={time === 'build' ? 'build' : 'speech'} size={12} />
          {t(`nodes.bindingTime.${time}`)}
        </span>
      )}
    </div>
  );
}
