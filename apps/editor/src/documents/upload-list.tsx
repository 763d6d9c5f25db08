import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { formatCount } from '../i18n/format.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { Icon } from '../icons/icon.tsx';
import { TurningArc } from '../icons/state-icon.tsx';
import { useAppearance } from '../theme/appearance.ts';
import styles from './documents.module.css';
import { type UploadState, uploadStore } from './upload-store.ts';

/** Uploads into a collection: one line for all that goes well, and one for each file that does not. */
export function UploadList({ collection }: { readonly collection: string }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const queries = useQueryClient();
  const all = useStore(uploadStore, (state) => state.uploads);
  const { clear, retry } = uploadStore.getState();
  const uploads = all.filter((upload) => upload.collection === collection);
  const done = uploads.filter(({ phase }) => phase === 'done').length;
  const failed = uploads.filter(({ phase }) => phase === 'failed');
  const isWorking = done + failed.length < uploads.length;
  useEffect(() => {
    if (!isWorking && done > 0) void queries.invalidateQueries({ queryKey: ['collections'] });
  }, [isWorking, done, queries]);
  if (uploads.length === 0) return null;
  const number = formatCount(uploads.length, language);
  return (
    <div className={styles.uploads}>
      <div className={styles.summary} role="status">
        {isWorking ? <TurningArc /> : <Icon name={failed.length > 0 ? 'warning' : 'check'} size={13} />}
        <span data-state={isWorking ? 'working' : failed.length > 0 ? 'failed' : 'done'}>
          {isWorking
            ? t('documents.uploading', { done: formatCount(done, language), number })
            : t('documents.uploaded', { done: formatCount(done, language), number })}
        </span>
        {!isWorking && (
          <Button variant="subtle" size="compact-xs" onClick={() => clear(collection)}>
            {t('common.close')}
          </Button>
        )}
      </div>
      {isWorking && (
        <div className={styles.track}>
          <i style={{ width: `${measureSent(uploads) * 100}%` }} />
        </div>
      )}
      {failed.map((upload) => (
        <FailedUpload key={upload.key} upload={upload} onRetry={() => void retry(upload.key)} />
      ))}
    </div>
  );
}

function FailedUpload({ upload, onRetry }: { readonly upload: UploadState; readonly onRetry: () => void }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  return (
    <div className={styles.failed}>
      <b>{upload.name}</b>
      <p>{upload.error === null ? '' : localise(upload.error)}</p>
      <Button size="compact-xs" onClick={onRetry}>
        {t('common.retry')}
      </Button>
    </div>
  );
}

/** The part of all bytes that has been sent. An empty file counts as a byte, so that it counts at all. */
function measureSent(uploads: readonly UploadState[]): number {
  let sent = 0;
  let total = 0;
  for (const upload of uploads) {
    const bytes = Math.max(1, upload.bytes);
    total += bytes;
    sent += upload.phase === 'failed' ? bytes : bytes * upload.sent;
  }
  return total === 0 ? 0 : sent / total;
}
