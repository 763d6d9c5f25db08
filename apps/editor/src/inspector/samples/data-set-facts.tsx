import { useTranslation } from 'react-i18next';
import { formatCount } from '../../i18n/format.ts';
import { useAppearance } from '../../theme/appearance.ts';
import { dataSetSchema, readItems } from './read-sample.ts';
import styles from './samples.module.css';

/** A data set in a line, where the node that made it shows the rest. */
export function DataSetFacts({ items }: { readonly items: readonly unknown[] }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const [dataSet] = readItems(dataSetSchema, items) ?? [];
  if (dataSet === undefined) return <p className={styles.empty}>{t('inspector.emptyOutput')}</p>;
  const { train, evaluation } = dataSet.examples;
  return (
    <p className={styles.fact}>
      {t('dataSets.facts', { train: formatCount(train, language), evaluation: formatCount(evaluation, language) })}
    </p>
  );
}
