import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Logo } from '../icons/logo.tsx';
import styles from './top-bar.module.css';

export function Brand() {
  const { t } = useTranslation();
  return (
    <Link className={styles.brand} to="/flows">
      <Logo />
      <b>{t('common.product')}</b>
      <span lang="ja">{t('common.productJa')}</span>
    </Link>
  );
}
