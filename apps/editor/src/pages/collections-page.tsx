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
import { useAppearance } from '../theme/appearance.ts';
import { FormActions } from './form-actions.tsx';
import { ListPage } from './list-page.tsx';
import { EmptyState } from './page-parts.tsx';
import styles from './pages.module.css';

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
    <ListPage
      title={t('shell.collections')}
      intro={t('pages.collections.intro')}
      items={collections}
      error={error}
      action={button}
      empty={
        <EmptyState glyph="load" title={t('pages.collections.none')} text={t('pages.collections.noneText')}>
          {button}
        </EmptyState>
      }
      columns={[
        t('pages.collections.column.name'),
        { figure: t('pages.collections.column.files') },
        { figure: t('pages.collections.column.size') },
        t('pages.collections.column.changed'),
      ]}
      hasActions={false}
      keyOf={({ id }) => id}
      renderItem={(collection) => (
        <tr>
          <td className={styles.main}>
            <Link to="/collections/$collectionId" params={{ collectionId: collection.id }}>
              {collection.name}
            </Link>
          </td>
          <td className={styles.figure}>{formatCount(collection.files, language)}</td>
          <td className={styles.figure}>{formatBytes(collection.bytes, language)}</td>
          <td className={styles.time}>{formatTime(collection.updatedAt, language)}</td>
        </tr>
      )}
    >
      {isMaking && <NewCollection onClose={() => setIsMaking(false)} />}
    </ListPage>
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
        <FormActions
          submit={t('pages.collections.create')}
          isWorking={create.isPending}
          isDisabled={name.trim() === ''}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}
