import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ApiKey, keysQuery, useDeleteKey } from '../api/endpoints.ts';
import { formatTime } from '../i18n/format.ts';
import { Icon } from '../icons/icon.tsx';
import { useAppearance } from '../theme/appearance.ts';
import { ListPage } from './list-page.tsx';
import { NewKey } from './new-key.tsx';
import { ConfirmDialog, EmptyState } from './page-parts.tsx';
import styles from './pages.module.css';

/** Keys of programs that call what is published. */
export function KeysPage() {
  const { t } = useTranslation();
  const { data: keys, error } = useQuery(keysQuery);
  const [isMaking, setIsMaking] = useState(false);
  const button = (
    <Button variant="filled" leftSection={<Icon name="plus" />} onClick={() => setIsMaking(true)}>
      {t('pages.keys.new')}
    </Button>
  );
  return (
    <ListPage
      title={t('shell.keys')}
      intro={t('pages.keys.intro')}
      items={keys}
      error={error}
      action={button}
      empty={
        <EmptyState glyph="key" title={t('pages.keys.none')} text={t('pages.keys.noneText')}>
          {button}
        </EmptyState>
      }
      columns={[
        t('pages.keys.column.name'),
        t('pages.keys.column.key'),
        t('pages.keys.column.scopes'),
        t('pages.keys.column.endpoints'),
        t('pages.keys.column.used'),
        t('pages.keys.column.created'),
      ]}
      keyOf={({ id }) => id}
      renderItem={(key) => <KeyRow apiKey={key} />}
    >
      {isMaking && <NewKey onClose={() => setIsMaking(false)} />}
    </ListPage>
  );
}

function KeyRow({ apiKey: key }: { readonly apiKey: ApiKey }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const remove = useDeleteKey();
  const [isAsking, setIsAsking] = useState(false);
  return (
    <tr>
      <td className={styles.main}>{key.name}</td>
      <td>
        <code className={styles.code}>{key.prefix}…</code>
      </td>
      <td>{key.scopes.map((scope) => t(`pages.keys.scopeShort.${scope}`)).join(' · ')}</td>
      <td>{key.endpoints === null ? t('pages.keys.all') : key.endpoints.join(', ')}</td>
      <td className={styles.time}>
        {key.lastUsedAt === null ? t('pages.keys.never') : formatTime(key.lastUsedAt, language)}
      </td>
      <td className={styles.time}>{formatTime(key.createdAt, language)}</td>
      <td className={styles.menu}>
        <Button size="compact-xs" onClick={() => setIsAsking(true)}>
          {t('pages.keys.revoke')}
        </Button>
        {isAsking && (
          <ConfirmDialog
            title={t('pages.keys.revokeTitle', { name: key.name })}
            text={t('pages.keys.revokeText')}
            action={t('pages.keys.revoke')}
            onClose={() => setIsAsking(false)}
            onConfirm={() => remove.mutateAsync(key.id)}
          />
        )}
      </td>
    </tr>
  );
}
