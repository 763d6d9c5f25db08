import { ActionIcon, Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Icon } from '../icons/icon.tsx';
import { useAppearance } from '../theme/appearance.ts';
import { useTheme } from '../theme/use-theme.ts';

/** Language and theme, on every page. */
export function AppearanceSwitches() {
  const { t } = useTranslation();
  const { language, setLanguage, setTheme } = useAppearance();
  const theme = useTheme();
  const other = language === 'ja' ? 'en' : 'ja';
  const themeLabel = theme === 'dark' ? t('common.theme.toLight') : t('common.theme.toDark');
  return (
    <>
      <Button variant="subtle" color="gray" lang={other} onClick={() => setLanguage(other)}>
        {t('common.otherLanguage')}
      </Button>
      <ActionIcon
        aria-label={themeLabel}
        title={themeLabel}
        onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}
      >
        <Icon name={theme === 'dark' ? 'sun' : 'moon'} size={15} />
      </ActionIcon>
    </>
  );
}
