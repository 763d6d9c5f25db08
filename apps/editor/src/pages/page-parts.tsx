import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { GlyphName } from '../icons/glyphs.ts';
import { Icon } from '../icons/icon.tsx';
import { Dialog } from '../shell/dialog.tsx';
import styles from './pages.module.css';

type PageHeadProps = { readonly title: ReactNode; readonly intro: ReactNode; readonly children?: ReactNode };

/** Title and purpose of a page; at the right what can be made here. */
export function PageHead({ title, intro, children }: PageHeadProps) {
  return (
    <header className={styles.head}>
      <div>
        <h1>{title}</h1>
        <p>{intro}</p>
      </div>
      <div className={styles.headActions}>{children}</div>
    </header>
  );
}

type EmptyStateProps = {
  readonly glyph: GlyphName;
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
};

/** Nothing is here yet; says what to do next. */
export function EmptyState({ glyph, title, text, children }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      <Icon name={glyph} size={28} />
      <h2>{title}</h2>
      <p>{text}</p>
      {children !== undefined && <div className={styles.choices}>{children}</div>}
    </div>
  );
}

type ConfirmDialogProps = {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly isWorking: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
};

/** Asks before something goes that does not come back. */
export function ConfirmDialog({ title, text, action, isWorking, onConfirm, onClose }: ConfirmDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog onClose={onClose} title={title} size={440}>
      <p className={styles.prose}>{text}</p>
      <div className={styles.dialogActions}>
        <Button onClick={onClose} data-autofocus>
          {t('common.cancel')}
        </Button>
        <Button className={styles.danger ?? ''} loading={isWorking} onClick={onConfirm}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
