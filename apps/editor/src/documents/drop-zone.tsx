import { Button } from '@mantine/core';
import { type DragEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../icons/icon.tsx';
import styles from './documents.module.css';
import { nameFiles, readDroppedFiles } from './read-dropped-files.ts';

export type NamedFile = { readonly name: string; readonly file: File };

type DropZoneProps = { readonly onFiles: (files: readonly NamedFile[]) => void; readonly compact?: boolean };

/** Takes files and folders that are dropped on it or chosen in a dialog. */
export function DropZone({ onFiles, compact = false }: DropZoneProps) {
  const { t } = useTranslation();
  const [isOver, setIsOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const give = (chosen: readonly NamedFile[]) => {
    if (chosen.length > 0) onFiles(chosen);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    void readDroppedFiles(event.dataTransfer).then(give);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the buttons inside are the first
    <div
      className={styles.zone}
      data-compact={compact || undefined}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      {!compact && <Icon name="load" size={20} />}
      <p>{t('documents.dropHere')}</p>
      <div className={styles.choices}>
        <Button onClick={() => files.current?.click()}>{t('documents.chooseFiles')}</Button>
        <Button variant={compact ? 'subtle' : 'default'} onClick={() => folder.current?.click()}>
          {t('documents.chooseFolder')}
        </Button>
      </div>
      {!compact && <small>{t('documents.kinds')}</small>}
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label={t('documents.chooseFiles')}
        onChange={(event) => {
          give(nameFiles(event.currentTarget.files ?? []));
          event.currentTarget.value = '';
        }}
      />
      <input
        ref={folder}
        type="file"
        hidden
        aria-label={t('documents.chooseFolder')}
        {...{ webkitdirectory: '' }}
        onChange={(event) => {
          give(nameFiles(event.currentTarget.files ?? []));
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}
