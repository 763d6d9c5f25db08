import { Button, Menu, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import {
  type Collection,
  type CollectionFile,
  collectionFilesQuery,
  collectionsQuery,
  useDeleteCollection,
  useDeleteFile,
} from '../api/collections.ts';
import { DocumentDrawer } from '../documents/document-drawer.tsx';
import { DocumentText } from '../documents/document-text.tsx';
import { DropZone } from '../documents/drop-zone.tsx';
import { UploadList } from '../documents/upload-list.tsx';
import { uploadStore } from '../documents/upload-store.ts';
import { formatBytes, formatCount, formatTime } from '../i18n/format.ts';
import { Icon } from '../icons/icon.tsx';
import { PageFrame } from '../shell/page-frame.tsx';
import { useAppearance } from '../theme/appearance.ts';
import { MoreButton, TableHead } from './list-page.tsx';
import { ConfirmDialog, PageHead } from './page-parts.tsx';
import styles from './pages.module.css';
import { QueryError } from './query-error.tsx';
import { RowMenu } from './row-menu.tsx';

const route = getRouteApi('/app/collections/$collectionId');

/** One collection: its files, and the place to drop more. */
export function CollectionPage() {
  const { t } = useTranslation();
  const { collectionId } = route.useParams();
  const collections = useQuery(collectionsQuery);
  const collection = collections.data?.find(({ id }) => id === collectionId);
  return (
    <PageFrame>
      <div className={styles.page}>
        <Link to="/collections" className={styles.back ?? ''}>
          {t('pages.collections.back')}
        </Link>
        {collections.error !== null && <QueryError error={collections.error} />}
        {collections.isSuccess && collection === undefined && <p>{t('pages.collections.gone')}</p>}
        {collection !== undefined && <Files collection={collection} />}
      </div>
    </PageFrame>
  );
}

function Files({ collection }: { readonly collection: Collection }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const filesQuery = useInfiniteQuery(collectionFilesQuery(collection.id));
  const { data, error } = filesQuery;
  const add = useStore(uploadStore, (state) => state.add);
  const [opened, setOpened] = useState<string | null>(null);
  const [query, setQuery] = useState('');
  const files = data?.pages.flatMap((page) => page.items);
  const wanted = query.trim().toLowerCase();
  const shown = files?.filter(({ name }) => name.toLowerCase().includes(wanted));
  return (
    <>
      <PageHead
        title={collection.name}
        intro={t('pages.collections.facts', {
          number: formatCount(collection.files, language),
          size: formatBytes(collection.bytes, language),
        })}
      >
        {(files?.length ?? 0) > 12 && (
          <TextInput
            aria-label={t('pages.collections.filter')}
            placeholder={t('pages.collections.filter')}
            leftSection={<Icon name="search" />}
            value={query}
            onChange={(event) => setQuery(event.currentTarget.value)}
          />
        )}
        <CollectionMenu collection={collection} />
      </PageHead>
      <DropZone onFiles={(chosen) => void add(collection.id, chosen)} />
      <UploadList collection={collection.id} />
      {error !== null && <QueryError error={error} />}
      {shown !== undefined && files !== undefined && files.length > 0 && (
        <table className={styles.table}>
          <TableHead
            columns={[
              t('pages.collections.column.name'),
              t('pages.collections.column.kind'),
              { figure: t('pages.collections.column.size') },
              t('pages.collections.column.changed'),
            ]}
            hasActions
          />
          <tbody>
            {shown.map((file) => (
              <tr key={file.name}>
                <td className={styles.main}>
                  <button type="button" onClick={() => setOpened(file.name)}>
                    {file.name}
                  </button>
                </td>
                <td className={styles.dim}>{nameKind(file)}</td>
                <td className={styles.figure}>{formatBytes(file.bytes, language)}</td>
                <td className={styles.time}>{formatTime(file.updatedAt, language)}</td>
                <td className={styles.menu}>
                  <FileMenu collection={collection} file={file} onOpen={() => setOpened(file.name)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {shown?.length === 0 && wanted !== '' && (
        <p className={styles.dim}>{t('pages.collections.noMatch', { query: query.trim() })}</p>
      )}
      <MoreButton query={filesQuery} />
      {opened !== null && (
        <DocumentDrawer title={opened} onClose={() => setOpened(null)}>
          <DocumentText collection={collection.id} name={opened} place={null} />
        </DocumentDrawer>
      )}
    </>
  );
}

function CollectionMenu({ collection }: { readonly collection: Collection }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const navigate = useNavigate();
  const remove = useDeleteCollection();
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <Button leftSection={<Icon name="trash" />} onClick={() => setIsAsking(true)}>
        {t('common.delete')}
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={t('pages.collections.delete', { name: collection.name })}
          text={t('pages.collections.deleteText', { number: formatCount(collection.files, language) })}
          action={t('common.delete')}
          onClose={() => setIsAsking(false)}
          onConfirm={async () => {
            await remove.mutateAsync(collection.id);
            await navigate({ to: '/collections' });
          }}
        />
      )}
    </>
  );
}

type FileMenuProps = {
  readonly collection: Collection;
  readonly file: CollectionFile;
  readonly onOpen: () => void;
};

function FileMenu({ collection, file, onOpen }: FileMenuProps) {
  const { t } = useTranslation();
  const remove = useDeleteFile(collection.id);
  const address = `/api/collections/${collection.id}/files/${encodeURIComponent(file.name)}`;
  return (
    <RowMenu
      name={file.name}
      deletion={{
        title: t('pages.collections.deleteFile', { name: file.name }),
        text: t('pages.collections.deleteFileText'),
        run: () => remove.mutateAsync(file.name),
      }}
    >
      <Menu.Item onClick={onOpen}>{t('pages.collections.openText')}</Menu.Item>
      <Menu.Item component="a" href={address} download={file.name}>
        {t('pages.collections.download')}
      </Menu.Item>
    </RowMenu>
  );
}

/** The ending of the name says it shorter than the media type, and to more people. */
function nameKind({ name, mediaType }: CollectionFile): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 && name.length - dot <= 6 ? name.slice(dot + 1).toUpperCase() : (mediaType ?? '');
}
