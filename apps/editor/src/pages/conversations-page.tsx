import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type Conversation, conversationsQuery } from '../api/conversations.ts';
import { versionQuery } from '../api/flows.ts';
import { formatCount, formatTime } from '../i18n/format.ts';
import { useAppearance } from '../theme/appearance.ts';
import { DeleteConversation } from './delete-conversation.tsx';
import { ListPage, MoreButton } from './list-page.tsx';
import { EmptyState } from './page-parts.tsx';
import styles from './pages.module.css';

const route = getRouteApi('/app/endpoints/$slug/conversations');

/** The conversations of one endpoint. */
export function ConversationsPage() {
  const { slug } = route.useParams();
  return <Conversations slug={slug} />;
}

export function Conversations({ slug }: { readonly slug: string }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(conversationsQuery(slug));
  const { data, error } = query;
  const conversations = data?.pages.flatMap((page) => page.items);
  return (
    <ListPage
      back={
        <Link to="/endpoints" hash={slug} className={styles.back ?? ''}>
          {t('conversations.backToEndpoints')}
        </Link>
      }
      title={t('conversations.title', { slug })}
      intro={t('conversations.intro')}
      items={conversations}
      error={error}
      empty={<EmptyState glyph="speech" title={t('conversations.none')} text={t('conversations.noneText')} />}
      columns={[
        t('conversations.column.name'),
        { figure: t('conversations.column.turns') },
        t('conversations.column.answers'),
        t('conversations.column.used'),
      ]}
      keyOf={({ name }) => name}
      renderItem={(conversation) => <ConversationRow slug={slug} conversation={conversation} />}
    >
      <MoreButton query={query} />
    </ListPage>
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
