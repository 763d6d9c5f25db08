import { useTranslation } from 'react-i18next';
import { formatCount } from '../i18n/format.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { Icon } from '../icons/icon.tsx';
import type { NodeRun } from '../run/run-state.ts';
import { useAppearance } from '../theme/appearance.ts';
import styles from './inspector.module.css';

/** What a node's run complained of: why it failed, warnings, and documents that could not be read, with their reasons. */
export function RunTroubles({ run }: { readonly run: NodeRun }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const language = useAppearance((appearance) => appearance.language);
  const { error, warnings, documentErrors } = run;
  if (error === null && warnings.length === 0 && documentErrors.length === 0) return null;
  return (
    <div className={styles.troubles}>
      {error !== null && (
        <p data-severity="error">
          <Icon name="failed" size={13} />
          {localise(error.message)}
        </p>
      )}
      {warnings.map(({ code, message }) => (
        <p key={code} data-severity="warning">
          <Icon name="warning" size={13} />
          {localise(message)}
        </p>
      ))}
      {documentErrors.length > 0 && (
        <details open={documentErrors.length <= 3}>
          <summary>{t('inspector.documentErrors', { number: formatCount(documentErrors.length, language) })}</summary>
          <ul>
            {documentErrors.map(({ id, error: reason }) => (
              <li key={id}>
                <b>{id.slice(id.indexOf('/') + 1)}</b>
                <p>{localise(reason.message)}</p>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
