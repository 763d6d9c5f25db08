import { useTranslation } from 'react-i18next';
import { PageFrame } from '../shell/page-frame.tsx';

export function FlowsPage() {
  const { t } = useTranslation();
  return (
    <PageFrame>
      <h1>{t('shell.flows')}</h1>
    </PageFrame>
  );
}
