import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { collectionsQuery, useCreateCollection } from '../api/collections.ts';
import { describeError } from '../api/problem.ts';
import { formatBytes, formatCount, formatTime } from '../i18n/format.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { Icon } from '../icons/icon.tsx';
import { Dialog } from '../shell/dialog.tsx';
import { PageFrame } from '../shell/page-frame.tsx';
import { useAppearance } from '../theme/appearance.ts';
import { EmptyState, PageHead } from './page-parts.tsx';
import styles from './pages.module.css';
import { QueryError } from './query-error.tsx';

/** All collections of documents. */
export function CollectionsPage() {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const { data: collections, error } = useQuery(collectionsQuery);
  const [isMaking, setIsMaking] = useState(false);
  const button = (
    <Button variant="filled" leftSection={<Icon name="plus" />} onClick={() => setIsMaking(true)}>
      {t('pages.collections.new')}
    </Button>
  );
  return (
    <PageFrame>
      <div className={styles.page}>
        <PageHead title={t('shell.collections')} intro={t('pages.collections.intro')}>
          {(collections?.length ?? 0) > 0 && button}
        </PageHead>
        {error !== null && <QueryError error={error} />}
        {collections?.length === 0 && (
          <EmptyState glyph="load" title={t('pages.collections.none')} text={t('pages.collections.noneText')}>
            {button}
          </EmptyState>
        )}
        {collections !== undefined && collections.length > 0 && (
          <table className={styles.table}>
            <thead>
              <tr>
                <th>{t('pages.collections.column.name')}</th>
                <th className={styles.figure}>{t('pages.collections.column.files')}</th>
                <th className={styles.figure}>{t('pages.collections.column.size')}</th>
                <th>{t('pages.collections.column.changed')}</th>
              </tr>
            </thead>
            <tbody>
              {collections.map((collection) => (
                <tr key={collection.id}>
                  <td className={styles.main}>
                    <Link to="/collections/$collectionId" params={{ collectionId: collection.id }}>
                      {collection.name}
                    </Link>
                  </td>
                  <td className={styles.figure}>{formatCount(collection.files, language)}</td>
                  <td className={styles.figure}>{formatBytes(collection.bytes, language)}</td>
                  <td className={styles.time}>{formatTime(collection.updatedAt, language)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {isMaking && <NewCollection onClose={() => setIsMaking(false)} />}
      </div>
    </PageFrame>
  );
}

function NewCollection({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const navigate = useNavigate();
  const create = useCreateCollection();
  const [name, setName] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    create.mutate(name.trim(), {
      onSuccess: ({ id }) => void navigate({ to: '/collections/$collectionId', params: { collectionId: id } }),
    });
  };
  return (
    <Dialog onClose={onClose} title={t('pages.collections.new')} size={400}>
      <form onSubmit={submit} className={styles.form}>
        <TextInput
          label={t('pages.collections.name')}
          placeholder={t('pages.collections.nameExample')}
          value={name}
          maxLength={120}
          data-autofocus
          error={create.error === null ? null : localise(describeError(create.error))}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <div className={styles.dialogActions}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="filled" loading={create.isPending} disabled={name.trim() === ''}>
            {t('pages.collections.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
