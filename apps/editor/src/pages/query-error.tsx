import { describeError } from '../api/problem.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { Icon } from '../icons/icon.tsx';
import styles from './pages.module.css';

/** Why a list could not be read. */
export function QueryError({ error }: { readonly error: unknown }) {
  const localise = useLocalised();
  return (
    <p className={styles.error} role="alert">
      <Icon name="failed" />
      {localise(describeError(error))}
    </p>
  );
}
