import { useTranslation } from 'react-i18next';
import type { ExperimentReport } from '../../api/experiments.ts';
import { useLocalised } from '../../i18n/use-localised.ts';
import { Differences } from './differences.tsx';
import { findMain } from './read-report.ts';
import styles from './report.module.css';

/** Where the arms differ more than elsewhere. Nothing where questions have no topics. */
export function Topics({ report }: { readonly report: ExperimentReport }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const main = findMain(report);
  const topics = main?.compared.topics.filter(({ differences }) => differences.length > 0) ?? [];
  if (main === null || topics.length === 0) return null;
  return (
    <section>
      <header className={styles.sectionHead}>
        <h2>{t('report.topics.title')}</h2>
        <p>{t('report.topics.hint', { metric: localise(main.metric.title) })}</p>
      </header>
      <div className={styles.topics}>
        {topics.map(({ topic, differences }) => (
          <div key={topic} className={styles.figureBox}>
            <h3>{topic}</h3>
            <Differences report={report} metric={main.metric} differences={differences} />
          </div>
        ))}
      </div>
    </section>
  );
}
