import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Model } from '../api/models.ts';
import { formatBytes } from '../i18n/format.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { useAppearance } from '../theme/appearance.ts';
import { modelFetches } from './model-fetches.ts';
import styles from './model-picker.module.css';

/** Starts fetching a model and shows how far it is; a failure says why, and the button tries again. */
export function FetchModel({ model }: { readonly model: Model }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const language = useAppearance((appearance) => appearance.language);
  const fetch = useStore(modelFetches, (state) => state.fetches[model.name]);
  const fetchModel = useStore(modelFetches, (state) => state.fetchModel);
  if (fetch?.phase === 'fetching') {
    const total = fetch.total ?? model.bytes;
    const part = total === null || total === 0 ? null : Math.min(1, fetch.bytes / total);
    return (
      <div className={styles.progress}>
        <div
          className={styles.track}
          role="progressbar"
          aria-label={t('models.fetching', { model: model.name })}
          aria-valuemin={0}
          aria-valuemax={100}
          {...(part === null ? {} : { 'aria-valuenow': Math.round(part * 100) })}
        >
          <i style={{ width: `${(part ?? 0) * 100}%` }} />
        </div>
        <span>
          {formatBytes(fetch.bytes, language)}
          {total !== null && ` / ${formatBytes(total, language)}`}
        </span>
      </div>
    );
  }
  return (
    <>
      <Button onClick={() => void fetchModel(model.name)}>
        {model.bytes === null ? t('models.fetch') : t('models.fetchSize', { size: formatBytes(model.bytes, language) })}
      </Button>
      {fetch?.phase === 'failed' && <p className={styles.trouble}>{localise(fetch.error)}</p>}
    </>
  );
}
