import { Button, Menu, Select } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type DownloadForm,
  downloadAddress,
  downloadForms,
  prepareDownload,
  type TunedModel,
  tunedModelQuery,
  tunedModelsQuery,
} from '../api/tuned-models.ts';
import { formatBytes, formatTime } from '../i18n/format.ts';
import { Icon } from '../icons/icon.tsx';
import { TurningArc } from '../icons/state-icon.tsx';
import { reportError } from '../shell/notices.ts';
import { PageFrame } from '../shell/page-frame.tsx';
import { useAppearance } from '../theme/appearance.ts';
import { ModelCard } from './model-card.tsx';
import { PageHead } from './page-parts.tsx';
import styles from './pages.module.css';
import { QueryError } from './query-error.tsx';
import { TunedModelMenu } from './tuned-model-menu.tsx';
import { nameTunedModel } from './tuned-models-page.tsx';

const route = getRouteApi('/app/tuned-models/$modelId');

export function TunedModelPage() {
  const { modelId } = route.useParams();
  return <TunedModelReading key={modelId} id={modelId} />;
}

/** One tuned model: its card, beside that of another where one wants to compare. */
export function TunedModelReading({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const navigate = useNavigate();
  const { data: model, error } = useQuery(tunedModelQuery(id));
  const [comparedId, setComparedId] = useState<string | null>(null);
  const all = useInfiniteQuery(tunedModelsQuery).data?.pages.flatMap((page) => page.items) ?? [];
  const others = all.filter((other) => other.id !== id);
  const compared = others.find((other) => other.id === comparedId);
  return (
    <PageFrame>
      <div className={styles.page}>
        <Link to="/tuned-models" className={styles.back ?? ''}>
          {t('tunedModels.back')}
        </Link>
        {error !== null && <QueryError error={error} />}
        {model !== undefined && (
          <>
            <PageHead
              title={nameTunedModel(model)}
              intro={[
                t(`tunedModels.origin.${model.origin}`),
                formatBytes(model.bytes, language),
                formatTime(model.createdAt, language),
              ].join(' · ')}
            >
              {others.length > 0 && (
                <Select
                  aria-label={t('tunedModels.compare')}
                  placeholder={t('tunedModels.compare')}
                  data={others.map((other) => ({ value: other.id, label: nameTunedModel(other) }))}
                  value={comparedId}
                  clearable
                  onChange={setComparedId}
                />
              )}
              <DownloadMenu model={model} />
              <TunedModelMenu model={model} onDeleted={() => void navigate({ to: '/tuned-models' })} />
            </PageHead>
            <ModelCard models={compared === undefined ? [model] : [model, compared]} />
          </>
        )}
      </div>
    </PageFrame>
  );
}

/** The forms that a tuned model can be had in. All but the first are made when they are asked for first. */
function DownloadMenu({ model }: { readonly model: TunedModel }) {
  const { t } = useTranslation();
  const prepare = useMutation({
    mutationFn: async (form: DownloadForm) => {
      const address = downloadAddress(model.id, form);
      await prepareDownload(address);
      startDownload(address);
    },
    onError: reportError,
  });
  if (prepare.isPending) {
    return (
      <p className={styles.loading} role="status">
        <TurningArc />
        {t('tunedModels.download.preparing')}
      </p>
    );
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button rightSection={<Icon name="chevron-down" size={12} />}>{t('tunedModels.download.title')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {downloadForms.map((form) => (
          <Menu.Item key={form} onClick={() => prepare.mutate(form)}>
            {t(`tunedModels.download.${form}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function startDownload(address: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  link.click();
}
