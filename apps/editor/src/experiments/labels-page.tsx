import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { labelPairsQuery } from '../api/experiments.ts';
import { formatCount } from '../i18n/format.ts';
import { EmptyState, PageHead } from '../pages/page-parts.tsx';
import pageStyles from '../pages/pages.module.css';
import { QueryError } from '../pages/query-error.tsx';
import { PageFrame } from '../shell/page-frame.tsx';
import { useAppearance } from '../theme/appearance.ts';
import styles from './experiments.module.css';
import { PairView } from './pair-view.tsx';
import { useLabelling } from './use-labelling.ts';

const route = getRouteApi('/app/experiments/$experimentId/labels');

export function LabelsPage() {
  const { experimentId } = route.useParams();
  return <Labelling key={experimentId} id={experimentId} />;
}

/** Pairs of answers, one at a time and blind to their arms, judged by mouse or keys. */
export function Labelling({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const { error } = useQuery(labelPairsQuery(id));
  const { pair, labelled, total, canUndo, judge, undo } = useLabelling(id);
  const count = (number: number) => formatCount(number, language);
  const backButton = (
    <Button renderRoot={(props) => <Link {...props} to="/experiments/$experimentId" params={{ experimentId: id }} />}>
      {t('experiments.labels.back')}
    </Button>
  );
  return (
    <PageFrame>
      <div className={pageStyles.page}>
        <Link to="/experiments/$experimentId" params={{ experimentId: id }} className={pageStyles.back ?? ''}>
          {t('experiments.labels.back')}
        </Link>
        <PageHead title={t('experiments.labels.title')} intro={t('experiments.labels.intro')}>
          {total !== null && total > 0 && (
            <p className={styles.labelled} role="status">
              {t('experiments.labels.done', { labelled: count(labelled), total: count(total) })}
            </p>
          )}
        </PageHead>
        {error !== null && <QueryError error={error} />}
        {total === 0 && (
          <EmptyState glyph="dataset" title={t('experiments.labels.none')} text={t('experiments.labels.noneText')}>
            {backButton}
          </EmptyState>
        )}
        {pair === null && total !== null && total > 0 && labelled >= total && (
          <EmptyState
            glyph="done"
            title={t('experiments.labels.finished')}
            text={t('experiments.labels.finishedText', { labelled: count(labelled) })}
          >
            {backButton}
            <Button onClick={undo} disabled={!canUndo}>
              {t('experiments.labels.undo')}
            </Button>
          </EmptyState>
        )}
        {pair !== null && <PairView pair={pair} canUndo={canUndo} onJudge={judge} onUndo={undo} />}
      </div>
    </PageFrame>
  );
}
