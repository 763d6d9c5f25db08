import { useTranslation } from 'react-i18next';
import { PageFrame } from '../shell/page-frame.tsx';

export function ModelsPage() {
  const { t } = useTranslation();
  return (
    <PageFrame>
      <h1>{t('shell.models')}</h1>
    </PageFrame>
  );
}
