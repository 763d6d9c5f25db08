import { useTranslation } from 'react-i18next';
import { PageFrame } from '../shell/page-frame.tsx';

export function KeysPage() {
  const { t } = useTranslation();
  return (
    <PageFrame>
      <h1>{t('shell.keys')}</h1>
    </PageFrame>
  );
}
