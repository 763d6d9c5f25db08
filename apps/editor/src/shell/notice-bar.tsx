import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocalised } from '../i18n/use-localised.ts';
import { Icon } from '../icons/icon.tsx';
import styles from './notice-bar.module.css';
import { useNotices } from './notices.ts';

const shownFor = 7_000;

export function NoticeBar() {
  const { t } = useTranslation();
  const localise = useLocalised();
  const { notice, dismiss } = useNotices();
  useEffect(() => {
    if (notice === null) return;
    const timer = setTimeout(dismiss, shownFor);
    return () => clearTimeout(timer);
  }, [notice, dismiss]);
  if (notice === null) return null;
  return (
    <div className={styles.bar} data-tone={notice.tone} role={notice.tone === 'error' ? 'alert' : 'status'}>
      <span>{localise(notice.text)}</span>
      <button type="button" aria-label={t('common.close')} onClick={dismiss}>
        <Icon name="close" size={11} />
      </button>
    </div>
  );
}
