import { Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { versionsQuery } from '../api/flows.ts';
import { useOpenFlow } from '../flow/flow-context.tsx';
import { formatTime } from '../i18n/format.ts';
import { Icon } from '../icons/icon.tsx';
import { useAppearance } from '../theme/appearance.ts';

/** The newest frozen version, and the earlier ones with their dates. */
export function VersionMenu() {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const { flow } = useOpenFlow();
  const { data } = useQuery(versionsQuery(flow.getState().id));
  const [newest] = data?.items ?? [];
  if (newest === undefined) return null;
  return (
    <Menu>
      <Menu.Target>
        <Button variant="subtle" color="gray" rightSection={<Icon name="chevron-down" size={12} />}>
          {t('shell.version', { number: newest.number })}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {data?.items.map(({ number, createdAt }) => (
          <Menu.Item key={number} component="div" rightSection={formatTime(createdAt, language)}>
            {t('shell.version', { number })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
