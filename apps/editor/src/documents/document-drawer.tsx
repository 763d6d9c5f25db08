import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './documents.module.css';

type DocumentDrawerProps = {
  readonly title: string;
  readonly headings?: readonly string[];
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** A document beside what one was doing. */
export function DocumentDrawer({ title, headings = [], onClose, children }: DocumentDrawerProps) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={620}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      title={
        <span className={styles.title}>
          <b>{title}</b>
          {headings.length > 0 && <small>{headings.join(' › ')}</small>}
        </span>
      }
    >
      {children}
    </Drawer>
  );
}
