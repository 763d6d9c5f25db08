import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { AppearanceSwitches } from './appearance-switches.tsx';
import { Brand } from './brand.tsx';
import styles from './page-frame.module.css';
import bar from './top-bar.module.css';

/** The frame of every page but the editor: the main navigation over scrolling content. */
export function PageFrame({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className={styles.page}>
      <header className={bar.bar}>
        <Brand />
        <nav className={bar.nav} aria-label={t('shell.mainNavigation')}>
          <Link to="/flows">{t('shell.flows')}</Link>
          <Link to="/collections">{t('shell.collections')}</Link>
          <Link to="/models">{t('shell.models')}</Link>
          <Link to="/tuned-models">{t('shell.tunedModels')}</Link>
          <Link to="/experiments">{t('shell.experiments')}</Link>
          <Link to="/endpoints">{t('shell.endpoints')}</Link>
          <Link to="/schedules">{t('shell.schedules')}</Link>
          <Link to="/keys">{t('shell.keys')}</Link>
          <Link to="/secrets">{t('shell.secrets')}</Link>
        </nav>
        <div className={bar.grow} />
        <AppearanceSwitches />
      </header>
      <main className={styles.content}>{children}</main>
    </div>
  );
}
