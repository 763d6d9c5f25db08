import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { describeError } from '../api/problem.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import styles from './pages.module.css';

type FormActionsProps = {
  readonly submit: string;
  readonly isWorking: boolean;
  readonly isDisabled: boolean;
  /** Why it was refused, where no field of the form says it. */
  readonly error?: Error | null;
  readonly onClose: () => void;
};

/** The end of a form in a dialog: what went wrong, the way out, and the way on. */
export function FormActions({ submit, isWorking, isDisabled, error = null, onClose }: FormActionsProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  return (
    <>
      {error !== null && (
        <p className={styles.error} role="alert">
          {localise(describeError(error))}
        </p>
      )}
      <div className={styles.dialogActions}>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button type="submit" variant="filled" loading={isWorking} disabled={isDisabled}>
          {submit}
        </Button>
      </div>
    </>
  );
}
