import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

type DialogProps = {
  readonly title: string;
  /** Width in pixels. */
  readonly size: number;
  readonly onClose: () => void;
  /** False where a stray click would lose something that is shown only once. */
  readonly closesByClick?: boolean;
  readonly children: ReactNode;
};

/** A dialog whose way out says what it is. */
export function Dialog({ title, size, onClose, closesByClick = true, children }: DialogProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={size}
      closeOnClickOutside={closesByClick}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {children}
    </Modal>
  );
}
