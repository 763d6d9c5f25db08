import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type Conversation, conversationsQuery } from '../api/conversations.ts';
import { versionQuery } from '../api/flows.ts';
import { formatCount, formatTime } from '../i18n/format.ts';
import { PageFrame } from '../shell/page-frame.tsx';
import { useAppearance } from '../theme/appearance.ts';
import { DeleteConversation } from './delete-conversation.tsx';
import { EmptyState, PageHead } from './page-parts.tsx';
import styles from './pages.module.css';
import { QueryError } from './query-error.tsx';

const route = getRouteApi('/app/endpoints/$slug/conversations');

/** The conversations of one endpoint. */
export function ConversationsPage() {
  const { slug } = route.useParams();
  return <Conversations slug={slug} />;
}

export function Conversations({ slug }: { readonly slug: string }) {
  const { t } = useTranslation();
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(conversationsQuery(slug));
  const conversations = data?.pages.flatMap((page) => page.items);
  return (
    <PageFrame>
      <div className={styles.page}>
        <Link to="/endpoints" hash={slug} className={styles.back ?? ''}>
          {t('conversations.backToEndpoints')}
        </Link>
        <PageHead title={t('conversations.title', { slug })} intro={t('conversations.intro')} />
        {error !== null && <QueryError error={error} />}
        {conversations?.length === 0 && (
          <EmptyState glyph="speech" title={t('conversations.none')} text={t('conversations.noneText')} />
        )}
        {conversations !== undefined && conversations.length > 0 && (
          <table className={styles.table}>
            <thead>
              <tr>
                <th>{t('conversations.column.name')}</th>
                <th className={styles.figure}>{t('conversations.column.turns')}</th>
                <th>{t('conversations.column.answers')}</th>
                <th>{t('conversations.column.used')}</th>
                <th>
                  <span className={styles.hidden}>{t('pages.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {conversations.map((conversation) => (
                <ConversationRow key={conversation.name} slug={slug} conversation={conversation} />
              ))}
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

type ConversationRowProps = { readonly slug: string; readonly conversation: Conversation };

function ConversationRow({ slug, conversation: { name, route: arm, turns, updatedAt } }: ConversationRowProps) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const { data, isError } = useQuery({ ...versionQuery(arm.flow, arm.version), retry: false });
  return (
    <tr>
      <td className={styles.main}>
        <Link to="/endpoints/$slug/conversations/$name" params={{ slug, name }}>
          {name}
        </Link>
      </td>
      <td className={styles.figure}>{formatCount(turns, language)}</td>
      <td>
        {data?.document.name ?? (isError ? t('pages.endpoints.unknownFlow') : '…')}{' '}
        <span className={styles.dim}>{t('conversations.answers', arm)}</span>
      </td>
      <td className={styles.time}>{formatTime(updatedAt, language)}</td>
      <td className={styles.menu}>
        <DeleteConversation slug={slug} name={name} size="compact-xs" />
      </td>
    </tr>
  );
}
