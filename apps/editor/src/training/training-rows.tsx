import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './training.module.css';

const TrainingRowsDrawer = lazy(async () => ({
  default: (await import('./training-rows-drawer.tsx')).TrainingRowsDrawer,
}));

/** The way to what a fine-tune node learns, before and after it has trained. */
export function TrainingRows({ node }: { readonly node: string }) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <section className={styles.section} aria-labelledby={`${node}-rows`}>
      <header className={styles.head}>
        <h3 id={`${node}-rows`}>
          {t('training.preview.title')}
          <small>{t('training.preview.hint')}</small>
        </h3>
        <Button size="compact-xs" onClick={() => setIsOpen(true)}>
          {t('training.preview.open')}
        </Button>
      </header>
      {isOpen && (
        <Suspense>
          <TrainingRowsDrawer node={node} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </section>
  );
}
