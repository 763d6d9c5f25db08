import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { type Collection, collectionsQuery, useCreateCollection } from '../../api/collections.ts';
import { DropZone, type NamedFile } from '../../documents/drop-zone.tsx';
import { UploadList } from '../../documents/upload-list.tsx';
import { uploadStore } from '../../documents/upload-store.ts';
import { useFlow } from '../../flow/flow-context.tsx';
import { formatBytes, formatCount } from '../../i18n/format.ts';
import { reportError } from '../../shell/notices.ts';
import { useAppearance } from '../../theme/appearance.ts';
import type { SettingControl } from './setting-control.ts';
import styles from './settings-form.module.css';

const makeNew = '\nnew';

/** Chooses a collection or makes one, and takes files right here. Files that are dropped first make a collection. */
export function CollectionControl({ id, value, onChange, invalid }: SettingControl<'collection'>) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const flowName = useFlow((state) => state.document.name);
  const { data: collections } = useQuery(collectionsQuery);
  const create = useCreateCollection();
  const addFiles = useStore(uploadStore, (state) => state.add);
  const name = typeof value === 'string' ? value : '';
  const chosen = collections?.find((collection) => collection.name === name || collection.id === name);

  const makeCollection = async (): Promise<Collection> => {
    const taken = new Set(collections?.map((collection) => collection.name));
    const made = await create.mutateAsync(freeName(t('inspector.collection.newName', { flow: flowName }), taken));
    onChange(made.name);
    return made;
  };
  const receive = async (files: readonly NamedFile[]) => {
    try {
      const collection = chosen ?? (await makeCollection());
      await addFiles(collection.id, files);
    } catch (error) {
      reportError(error);
    }
  };

  return (
    <div className={styles.collection}>
      <Select
        id={id}
        data={[
          ...(collections ?? []).map((collection) => ({ value: collection.name, label: collection.name })),
          { value: makeNew, label: t('inspector.collection.new') },
        ]}
        value={chosen?.name ?? null}
        placeholder={name === '' ? t('inspector.collection.choose') : name}
        allowDeselect={false}
        searchable={(collections?.length ?? 0) > 8}
        nothingFoundMessage={t('inspector.collection.nothing')}
        error={invalid || (name !== '' && collections !== undefined && chosen === undefined)}
        comboboxProps={{ shadow: 'md' }}
        onChange={(entered) => {
          if (entered === makeNew) void makeCollection().catch(reportError);
          else onChange(entered ?? undefined);
        }}
      />
      {chosen !== undefined && (
        <p className={styles.facts}>
          {t('inspector.collection.facts', {
            number: formatCount(chosen.files, language),
            size: formatBytes(chosen.bytes, language),
          })}
          <Link to="/collections/$collectionId" params={{ collectionId: chosen.id }}>
            {t('inspector.collection.open')}
          </Link>
        </p>
      )}
      {name !== '' && collections !== undefined && chosen === undefined && (
        <p className={styles.problem}>{t('inspector.collection.gone', { name })}</p>
      )}
      <DropZone compact onFiles={(files) => void receive(files)} />
      {chosen !== undefined && <UploadList collection={chosen.id} />}
    </div>
  );
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const base = wanted.slice(0, 110);
  if (!taken.has(base)) return base;
  for (let number = 2; ; number += 1) if (!taken.has(`${base} ${number}`)) return `${base} ${number}`;
}
