import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDeleteConversation } from '../api/conversations.ts';
import { Icon } from '../icons/icon.tsx';
import { ConfirmDialog } from './page-parts.tsx';

type DeleteConversationProps = {
  readonly slug: string;
  readonly name: string;
  /** `compact-xs` in a row. */
  readonly size?: 'compact-xs';
  readonly onDeleted?: () => Promise<unknown>;
};

/** The button that deletes a conversation, once that is confirmed. */
export function DeleteConversation({ slug, name, size, onDeleted }: DeleteConversationProps) {
  const { t } = useTranslation();
  const remove = useDeleteConversation(slug);
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <Button
        {...(size === undefined ? { leftSection: <Icon name="trash" /> } : { size })}
        onClick={() => setIsAsking(true)}
      >
        {t('common.delete')}
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={t('conversations.delete', { name })}
          text={t('conversations.deleteText')}
          action={t('common.delete')}
          onClose={() => setIsAsking(false)}
          onConfirm={async () => {
            await remove.mutateAsync(name);
            await onDeleted?.();
          }}
        />
      )}
    </>
  );
}
