import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { stopTraining } from '../api/training.ts';
import { useOpenFlow } from '../flow/flow-context.tsx';
import { ConfirmDialog } from '../pages/page-parts.tsx';
import { findTrainingRun } from '../run/run-store.ts';
import styles from './training.module.css';

/** Ends a training early with the best that it has come to. Asks first, since it cannot be gone on with. */
export function StopTraining({ node }: { readonly node: string }) {
  const { t } = useTranslation();
  const { runs } = useOpenFlow();
  const [isAsking, setIsAsking] = useState(false);
  const stop = useMutation({
    mutationFn: async () => {
      const place = findTrainingRun(runs.getState(), node);
      if (place !== null) await stopTraining(place);
    },
  });
  if (stop.isSuccess) return <small className={styles.asked}>{t('training.stop.asked')}</small>;
  return (
    <>
      <Button size="compact-xs" onClick={() => setIsAsking(true)}>
        {t('training.stop.button')}
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={t('training.stop.title')}
          text={t('training.stop.text')}
          action={t('training.stop.button')}
          onClose={() => setIsAsking(false)}
          onConfirm={() => stop.mutateAsync()}
        />
      )}
    </>
  );
}
