import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { endpointsQuery } from '../api/endpoints.ts';
import { flowsQuery } from '../api/flows.ts';
import { formatTime } from '../i18n/format.ts';
import { PageFrame } from '../shell/page-frame.tsx';
import { useAppearance } from '../theme/appearance.ts';
import { FlowMenu } from './flow-menu.tsx';
import { NewFlow, NewFlowChoices } from './new-flow.tsx';
import { EmptyState, PageHead } from './page-parts.tsx';
import styles from './pages.module.css';
import { QueryError } from './query-error.tsx';

/** All flows, the latest change first. */
export function FlowsPage() {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(flowsQuery);
  const endpoints = useQuery(endpointsQuery);
  const flows = data?.pages.flatMap((page) => page.items);
  return (
    <PageFrame>
      <div className={styles.page}>
        <PageHead title={t('shell.flows')} intro={t('pages.flows.intro')}>
          {(flows?.length ?? 0) > 0 && <NewFlow />}
        </PageHead>
        {error !== null && <QueryError error={error} />}
        {flows?.length === 0 && (
          <EmptyState glyph="tidy-up" title={t('pages.flows.none')} text={t('pages.flows.noneText')}>
            <NewFlowChoices />
          </EmptyState>
        )}
        {flows !== undefined && flows.length > 0 && (
          <table className={styles.table}>
            <thead>
              <tr>
                <th>{t('pages.flows.column.name')}</th>
                <th className={styles.figure}>{t('pages.flows.column.nodes')}</th>
                <th>{t('pages.flows.column.version')}</th>
                <th>{t('pages.flows.column.endpoints')}</th>
                <th>{t('pages.flows.column.changed')}</th>
                <th>
                  <span className={styles.hidden}>{t('pages.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {flows.map((flow) => {
                const slugs = endpoints.data?.filter(({ routes }) => routes.some((route) => route.flow === flow.id));
                return (
                  <tr key={flow.id}>
                    <td className={styles.main}>
                      <Link to="/flows/$flowId" params={{ flowId: flow.id }}>
                        {flow.name}
                      </Link>
                    </td>
                    <td className={styles.figure}>{flow.nodes}</td>
                    <td>
                      {flow.latestBuild !== null && flow.latestVersion !== null
                        ? t('pages.flows.built', { version: flow.latestVersion, build: flow.latestBuild })
                        : flow.latestVersion !== null
                          ? t('pages.flows.versionOnly', { version: flow.latestVersion })
                          : t('pages.flows.notBuilt')}
                    </td>
                    <td>
                      {slugs === undefined || slugs.length === 0 ? (
                        <span className={styles.dim}>{t('pages.flows.notPublished')}</span>
                      ) : (
                        slugs.map(({ slug }) => (
                          <Link key={slug} to="/endpoints" hash={slug} className={styles.slug ?? ''}>
                            {slug}
                          </Link>
                        ))
                      )}
                    </td>
                    <td className={styles.time}>{formatTime(flow.updatedAt, language)}</td>
                    <td className={styles.menu}>
                      <FlowMenu flow={flow} />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
        {hasNextPage && (
          <Button className={styles.more ?? ''} loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('pages.more')}
          </Button>
        )}
      </div>
    </PageFrame>
  );
}
