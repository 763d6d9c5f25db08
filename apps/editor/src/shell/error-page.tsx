import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiError, describeError } from '../api/problem.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import styles from './error-page.module.css';
import { PageFrame } from './page-frame.tsx';

/** A page that could not be shown: what happened, and the two ways on. */
export function ErrorPage({ error }: { readonly error: unknown }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const text = error instanceof ApiError ? localise(describeError(error)) : t('common.crashed');
  return (
    <PageFrame>
      <div className={styles.page} role="alert">
        <p>{text}</p>
        <div className={styles.actions}>
          <Button onClick={() => location.reload()}>{t('common.reload')}</Button>
          <Button component={Link} to="/flows">
            {t('common.toFlows')}
          </Button>
        </div>
      </div>
    </PageFrame>
  );
}

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <PageFrame>
      <div className={styles.page}>
        <p>{t('common.notFound')}</p>
        <div className={styles.actions}>
          <Button component={Link} to="/flows">
            {t('common.toFlows')}
          </Button>
        </div>
      </div>
    </PageFrame>
  );
}
