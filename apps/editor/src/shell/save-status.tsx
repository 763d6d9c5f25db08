import { useTranslation } from 'react-i18next';
import { useFlow, useOpenFlow } from '../flow/flow-context.tsx';
import { isUnsaved } from '../flow/flow-store.ts';
import { formatTime } from '../i18n/format.ts';
import { Icon } from '../icons/icon.tsx';
import { TurningArc } from '../icons/state-icon.tsx';
import { useAppearance } from '../theme/appearance.ts';
import styles from './top-bar.module.css';

/** Whether everything is saved, and as which revision. */
export function SaveStatus() {
  const { t } = useTranslation();
  const { autosave } = useOpenFlow();
  const language = useAppearance((appearance) => appearance.language);
  const save = useFlow((state) => state.save);
  const unsaved = useFlow(isUnsaved);
  const revision = useFlow((state) => state.revision);
  const shown = save.state === 'saved' && unsaved ? 'unsaved' : save.state;
  return (
    <span className={styles.saved} data-state={shown} role="status">
      {shown === 'saved' && <Icon name="check" size={13} />}
      {shown === 'saving' && <TurningArc />}
      {(shown === 'failed' || shown === 'conflict') && <Icon name="warning" size={13} />}
      {t(`shell.save.${shown}`)}
      {save.state === 'saved' && !unsaved && (
        <span className={styles.dim}>
          {t('shell.save.revision', { revision, time: formatTime(save.at, language) })}
        </span>
      )}
      {shown === 'failed' && (
        <button type="button" onClick={() => void autosave.flush().catch(() => undefined)}>
          {t('common.retry')}
        </button>
      )}
    </span>
  );
}
