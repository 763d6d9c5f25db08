import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { GlyphName } from '../icons/glyphs.ts';
import { Icon } from '../icons/icon.tsx';
import { Dialog } from '../shell/dialog.tsx';
import { reportError } from '../shell/notices.ts';
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
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
};

/** Asks before something goes that does not come back. Closes once it is gone; where it fails, says why and stays. */
export function ConfirmDialog({ title, text, action, onConfirm, onClose }: ConfirmDialogProps) {
  const { t } = useTranslation();
  const confirm = useMutation({ mutationFn: onConfirm, onSuccess: onClose, onError: reportError });
  return (
    <Dialog onClose={onClose} title={title} size={440}>
      <p className={styles.prose}>{text}</p>
      <div className={styles.dialogActions}>
        <Button onClick={onClose} data-autofocus>
          {t('common.cancel')}
        </Button>
        <Button className={styles.danger ?? ''} loading={confirm.isPending} onClick={() => confirm.mutate()}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
