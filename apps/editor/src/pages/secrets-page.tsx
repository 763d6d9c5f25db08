import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { secretsQuery, useDeleteSecret } from '../api/secrets.ts';
import { formatTime } from '../i18n/format.ts';
import { Icon } from '../icons/icon.tsx';
import { SecretDialog } from '../secrets/secret-dialog.tsx';
import { useAppearance } from '../theme/appearance.ts';
import { ListPage } from './list-page.tsx';
import { ConfirmDialog, EmptyState } from './page-parts.tsx';
import styles from './pages.module.css';

/** Secrets by name. Their values were written once and never come back. */
export function SecretsPage() {
  const { t } = useTranslation();
  const { data: secrets, error } = useQuery(secretsQuery);
  const [isAdding, setIsAdding] = useState(false);
  const button = (
    <Button variant="filled" leftSection={<Icon name="plus" />} onClick={() => setIsAdding(true)}>
      {t('secrets.new')}
    </Button>
  );
  return (
    <ListPage
      title={t('shell.secrets')}
      intro={t('secrets.intro')}
      items={secrets}
      error={error}
      action={button}
      empty={
        <EmptyState glyph="lock" title={t('secrets.none')} text={t('secrets.noneText')}>
          {button}
        </EmptyState>
      }
      columns={[t('secrets.column.name'), t('secrets.column.changed')]}
      keyOf={({ name }) => name}
      renderItem={(secret) => <SecretRow secret={secret} />}
    >
      {isAdding && <SecretDialog replaced={null} onClose={() => setIsAdding(false)} />}
    </ListPage>
  );
}

function SecretRow({ secret: { name, updatedAt } }: { readonly secret: { name: string; updatedAt: string } }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const remove = useDeleteSecret();
  const [open, setOpen] = useState<'replace' | 'delete' | null>(null);
  return (
    <tr>
      <td className={styles.main}>{name}</td>
      <td className={styles.time}>{formatTime(updatedAt, language)}</td>
      <td className={styles.menu}>
        <div className={styles.rowActions}>
          <Button size="compact-xs" onClick={() => setOpen('replace')}>
            {t('secrets.replace')}
          </Button>
          <Button size="compact-xs" onClick={() => setOpen('delete')}>
            {t('common.delete')}
          </Button>
        </div>
        {open === 'replace' && <SecretDialog replaced={name} onClose={() => setOpen(null)} />}
        {open === 'delete' && (
          <ConfirmDialog
            title={t('secrets.delete', { name })}
            text={t('secrets.deleteText')}
            action={t('common.delete')}
            onClose={() => setOpen(null)}
            onConfirm={() => remove.mutateAsync(name)}
          />
        )}
      </td>
    </tr>
  );
}
