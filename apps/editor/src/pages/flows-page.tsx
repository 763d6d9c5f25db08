import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { endpointsQuery } from '../api/endpoints.ts';
import { flowsQuery } from '../api/flows.ts';
import { formatTime } from '../i18n/format.ts';
import { useAppearance } from '../theme/appearance.ts';
import { FlowMenu } from './flow-menu.tsx';
import { ListPage, MoreButton } from './list-page.tsx';
import { NewFlow, NewFlowChoices } from './new-flow.tsx';
import { EmptyState } from './page-parts.tsx';
import styles from './pages.module.css';

/** All flows, the latest change first. */
export function FlowsPage() {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const query = useInfiniteQuery(flowsQuery);
  const { data, error } = query;
  const endpoints = useQuery(endpointsQuery);
  const flows = data?.pages.flatMap((page) => page.items);
  return (
    <ListPage
      title={t('shell.flows')}
      intro={t('pages.flows.intro')}
      items={flows}
      error={error}
      action={<NewFlow />}
      empty={
        <EmptyState glyph="tidy-up" title={t('pages.flows.none')} text={t('pages.flows.noneText')}>
          <NewFlowChoices />
        </EmptyState>
      }
      columns={[
        t('pages.flows.column.name'),
        { figure: t('pages.flows.column.nodes') },
        t('pages.flows.column.version'),
        t('pages.flows.column.endpoints'),
        t('pages.flows.column.changed'),
      ]}
      keyOf={({ id }) => id}
      renderItem={(flow) => {
        const slugs = endpoints.data?.filter(({ routes }) => routes.some((route) => route.flow === flow.id));
        return (
          <tr>
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
      }}
    >
      <MoreButton query={query} />
    </ListPage>
  );
}
