import { ActionIcon, Menu } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../icons/icon.tsx';
import { ConfirmDialog } from './page-parts.tsx';

type RowMenuProps = {
  /** Of the row, for readers. */
  readonly name: string;
  /** Items of the menu, above the one that deletes. */
  readonly children?: ReactNode;
  readonly deletion: { readonly title: string; readonly text: string; readonly run: () => Promise<unknown> };
};

/** What can be done to one row of a list; deleting it comes last, and asks first. */
export function RowMenu({ name, children, deletion: { title, text, run } }: RowMenuProps) {
  const { t } = useTranslation();
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={t('pages.actionsFor', { name })}>
            <Icon name="more" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {children}
          {children !== undefined && <Menu.Divider />}
          <Menu.Item color="var(--state-failed)" onClick={() => setIsAsking(true)}>
            {t('common.delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isAsking && (
        <ConfirmDialog
          title={title}
          text={text}
          action={t('common.delete')}
          onClose={() => setIsAsking(false)}
          onConfirm={run}
        />
      )}
    </>
  );
}
