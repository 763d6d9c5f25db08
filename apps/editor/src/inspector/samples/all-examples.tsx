import { SegmentedControl } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ExampleSplit, exampleSplits, examplesQuery } from '../../api/artifacts.ts';
import { DocumentDrawer } from '../../documents/document-drawer.tsx';
import { formatCount } from '../../i18n/format.ts';
import { MoreButton } from '../../pages/list-page.tsx';
import { QueryError } from '../../pages/query-error.tsx';
import { useAppearance } from '../../theme/appearance.ts';
import styles from './data-sets.module.css';
import { ExampleList } from './example-list.tsx';

type AllExamplesProps = { readonly fingerprint: string; readonly total: number; readonly onClose: () => void };

/** Every example of a data set that was built, a page at a time. */
export function AllExamples({ fingerprint, total, onClose }: AllExamplesProps) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const [split, setSplit] = useState<ExampleSplit | null>(null);
  const query = useInfiniteQuery(examplesQuery(fingerprint, split));
  const examples = query.data?.pages.flatMap((page) => page.items);
  return (
    <DocumentDrawer title={t('dataSets.all', { number: formatCount(total, language) })} onClose={onClose}>
      <SegmentedControl
        className={styles.splits ?? ''}
        aria-label={t('dataSets.filter')}
        data={[
          { value: '', label: t('dataSets.everything') },
          ...exampleSplits.map((value) => ({ value, label: t(`dataSets.split.${value}`) })),
        ]}
        value={split ?? ''}
        onChange={(value) => setSplit(exampleSplits.find((candidate) => candidate === value) ?? null)}
      />
      {query.error !== null && <QueryError error={query.error} />}
      {query.isPending && query.error === null && <p className={styles.loading}>{t('common.loading')}</p>}
      {examples !== undefined && <ExampleList examples={examples} />}
      <MoreButton query={query} />
    </DocumentDrawer>
  );
}
