import { readGraph } from '@kumiki/flow';
import { Button } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Endpoint, endpointsQuery, useDeleteEndpoint } from '../api/endpoints.ts';
import { versionQuery } from '../api/flows.ts';
import { nodeTypesQuery } from '../api/node-types.ts';
import { formatTime } from '../i18n/format.ts';
import { Icon } from '../icons/icon.tsx';
import { readInterface } from '../panel/ask/read-interface.ts';
import { CallExamples } from '../publish/call-examples.tsx';
import { PageFrame } from '../shell/page-frame.tsx';
import { useAppearance } from '../theme/appearance.ts';
import { ConfirmDialog, EmptyState, PageHead } from './page-parts.tsx';
import styles from './pages.module.css';
import { QueryError } from './query-error.tsx';

/** What is published, what answers there, and how to call it. */
export function EndpointsPage() {
  const { t } = useTranslation();
  const { data: endpoints, error } = useQuery(endpointsQuery);
  return (
    <PageFrame>
      <div className={styles.page}>
        <PageHead title={t('shell.endpoints')} intro={t('pages.endpoints.intro')} />
        {error !== null && <QueryError error={error} />}
        {endpoints?.length === 0 && (
          <EmptyState glyph="link" title={t('pages.endpoints.none')} text={t('pages.endpoints.noneText')}>
            <Button component={Link} to="/flows">
              {t('common.toFlows')}
            </Button>
          </EmptyState>
        )}
        <ul className={styles.endpoints}>
          {endpoints?.map((endpoint) => (
            <EndpointRow key={endpoint.slug} endpoint={endpoint} />
          ))}
        </ul>
      </div>
    </PageFrame>
  );
}

function EndpointRow({ endpoint }: { readonly endpoint: Endpoint }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const remove = useDeleteEndpoint();
  const [isAsking, setIsAsking] = useState(false);
  const [isOpen, setIsOpen] = useState(location.hash === `#${endpoint.slug}`);
  const { data: types } = useQuery(nodeTypesQuery);
  const versions = useQueries({
    queries: endpoint.routes.map((route) => ({ ...versionQuery(route.flow, route.version), retry: false })),
  });
  const total = endpoint.routes.reduce((sum, { weight }) => sum + weight, 0);
  const document = versions[0]?.data?.document;
  const inputs = document === undefined || types === undefined ? [] : readInterface(readGraph(document, types)).inputs;
  return (
    <li id={endpoint.slug}>
      <div className={styles.endpointHead}>
        <b>{endpoint.slug}</b>
        <code>
          {location.origin}/v1/endpoints/{endpoint.slug}
        </code>
        <span
          className={styles.tag}
          title={endpoint.follow ? t('pages.endpoints.followHint') : t('pages.endpoints.pinnedHint')}
        >
          <Icon name={endpoint.follow ? 'cached' : 'pin'} size={12} />
          {endpoint.follow ? t('pages.endpoints.follow') : t('pages.endpoints.pinned')}
        </span>
      </div>
      <ul className={styles.routes}>
        {endpoint.routes.map((route, place) => (
          <li key={`${route.flow} ${route.version} ${route.build} ${route.output}`}>
            {endpoint.routes.length > 1 && (
              <span>{t('pages.endpoints.share', { percent: Math.round((route.weight * 100) / total) })}</span>
            )}
            <Link to="/flows/$flowId" params={{ flowId: route.flow }}>
              {versions[place]?.data?.document.name ??
                (versions[place]?.isError === true ? t('pages.endpoints.unknownFlow') : '…')}
            </Link>
            <span>
              {t('pages.endpoints.route', { version: route.version, build: route.build, output: route.output })}
            </span>
          </li>
        ))}
      </ul>
      <div className={styles.endpointActions}>
        <small>{t('pages.endpoints.changed', { time: formatTime(endpoint.updatedAt, language) })}</small>
        <Button
          renderRoot={(props) => (
            <Link {...props} to="/endpoints/$slug/conversations" params={{ slug: endpoint.slug }} />
          )}
        >
          {t('conversations.open')}
        </Button>
        <Button aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {t('pages.endpoints.call')}
        </Button>
        <Button onClick={() => setIsAsking(true)}>{t('pages.endpoints.withdraw')}</Button>
      </div>
      {isOpen && <CallExamples slug={endpoint.slug} inputs={inputs} keyValue={null} />}
      {isAsking && (
        <ConfirmDialog
          title={t('pages.endpoints.delete', { slug: endpoint.slug })}
          text={t('pages.endpoints.deleteText')}
          action={t('pages.endpoints.withdraw')}
          onClose={() => setIsAsking(false)}
          onConfirm={() => remove.mutateAsync(endpoint.slug)}
        />
      )}
    </li>
  );
}
