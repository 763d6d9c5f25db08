import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ModelHost, modelHostsQuery, modelsQuery } from '../api/models.ts';
import { Icon } from '../icons/icon.tsx';
import { PageFrame } from '../shell/page-frame.tsx';
import { HostDialog } from './host-dialog.tsx';
import { HostSection } from './host-section.tsx';
import { PageHead } from './page-parts.tsx';
import styles from './pages.module.css';
import { QueryError } from './query-error.tsx';

/** Hosts and their models: what is there, what can be fetched, what cannot be reached. */
export function ModelsPage() {
  const { t } = useTranslation();
  const hosts = useQuery(modelHostsQuery);
  const models = useQuery(modelsQuery);
  const [edited, setEdited] = useState<ModelHost | 'new' | null>(null);
  const error = hosts.error ?? models.error;
  return (
    <PageFrame>
      <div className={styles.page}>
        <PageHead title={t('shell.models')} intro={t('models.intro')}>
          <Button variant="filled" leftSection={<Icon name="plus" />} onClick={() => setEdited('new')}>
            {t('models.addHost')}
          </Button>
        </PageHead>
        {error !== null && <QueryError error={error} />}
        {hosts.data?.map((host) => (
          <HostSection
            key={host.id}
            host={host}
            models={models.data?.items.filter((model) => model.host === host.id) ?? null}
            unreachable={models.data?.unreachable.find((candidate) => candidate.host === host.id)?.error ?? null}
            onChange={() => setEdited(host)}
          />
        ))}
        {edited !== null && <HostDialog host={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
      </div>
    </PageFrame>
  );
}
