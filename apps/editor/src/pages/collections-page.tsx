import { useTranslation } from 'react-i18next';
import { PageFrame } from '../shell/page-frame.tsx';

export function CollectionsPage() {
  const { t } = useTranslation();
  return (
    <PageFrame>
      <h1>{t('shell.collections')}</h1>
    </PageFrame>
  );
}
