import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type TunedModel, tunedModelsQuery } from '../api/tuned-models.ts';
import { formatBytes, formatLoss, formatTime } from '../i18n/format.ts';
import { Icon } from '../icons/icon.tsx';
import { useAppearance } from '../theme/appearance.ts';
import { ListPage, MoreButton } from './list-page.tsx';
import { EmptyState } from './page-parts.tsx';
import styles from './pages.module.css';
import { TunedModelMenu } from './tuned-model-menu.tsx';
import { UploadTunedModel } from './upload-tuned-model.tsx';

/** All tuned models, with what they are worth. */
export function TunedModelsPage() {
  const { t } = useTranslation();
  const query = useInfiniteQuery(tunedModelsQuery);
  const [isUploading, setIsUploading] = useState(false);
  const button = (
    <Button variant="filled" leftSection={<Icon name="publish" />} onClick={() => setIsUploading(true)}>
      {t('tunedModels.upload.button')}
    </Button>
  );
  return (
    <ListPage
      title={t('shell.tunedModels')}
      intro={t('tunedModels.intro')}
      items={query.data?.pages.flatMap((page) => page.items)}
      error={query.error}
      action={button}
      empty={
        <EmptyState glyph="finetune" title={t('tunedModels.none')} text={t('tunedModels.noneText')}>
          {button}
        </EmptyState>
      }
      columns={[
        t('tunedModels.column.name'),
        t('tunedModels.column.base'),
        { figure: t('tunedModels.column.loss') },
        { figure: t('tunedModels.column.size') },
        t('tunedModels.column.created'),
      ]}
      keyOf={({ id }) => id}
      renderItem={(model) => <TunedModelRow model={model} />}
    >
      <MoreButton query={query} />
      {isUploading && <UploadTunedModel onClose={() => setIsUploading(false)} />}
    </ListPage>
  );
}

function TunedModelRow({ model }: { readonly model: TunedModel }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const loss = model.card.training?.evaluationLoss ?? null;
  return (
    <tr>
      <td className={styles.main}>
        <Link to="/tuned-models/$modelId" params={{ modelId: model.id }}>
          {nameTunedModel(model)}
        </Link>
        {model.name === null && <small>{t('tunedModels.unnamed')}</small>}
        {model.origin === 'uploaded' && <small>{t('tunedModels.origin.uploaded')}</small>}
      </td>
      <td>{model.base.name}</td>
      <td className={styles.figure}>
        {loss === null
          ? t('tunedModels.notEvaluated')
          : t('training.beforeAndBest', {
              before: formatLoss(loss.before, language),
              best: formatLoss(loss.best, language),
            })}
      </td>
      <td className={styles.figure}>{formatBytes(model.bytes, language)}</td>
      <td className={styles.time}>{formatTime(model.createdAt, language)}</td>
      <td className={styles.menu}>
        <TunedModelMenu model={model} />
      </td>
    </tr>
  );
}

/** One without a name is known by its base and its digest. */
export function nameTunedModel({ name, base, digest }: TunedModel): string {
  return name ?? `${base.name} · ${shortenDigest(digest)}`;
}

export function shortenDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 8);
}
