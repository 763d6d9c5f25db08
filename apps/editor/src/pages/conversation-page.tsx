import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type ConversationTurn, conversationQuery } from '../api/conversations.ts';
import { formatCount, formatTime } from '../i18n/format.ts';
import { MarkdownView } from '../markdown/markdown-view.tsx';
import { PageFrame } from '../shell/page-frame.tsx';
import { useAppearance } from '../theme/appearance.ts';
import styles from './conversation.module.css';
import { DeleteConversation } from './delete-conversation.tsx';
import { PageHead } from './page-parts.tsx';
import pages from './pages.module.css';
import { QueryError } from './query-error.tsx';

const route = getRouteApi('/app/endpoints/$slug/conversations/$name');

/** What was said in one conversation. */
export function ConversationPage() {
  const { slug, name } = route.useParams();
  return <Reading slug={slug} name={name} />;
}

type ReadingProps = { readonly slug: string; readonly name: string };

/** The turns of a conversation, oldest first; earlier ones are fetched above them. */
export function Reading({ slug, name }: ReadingProps) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const navigate = useNavigate();
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    conversationQuery(slug, name),
  );
  const conversation = data?.pages[0];
  const turns = data?.pages.flatMap((page) => page.items).reverse();
  return (
    <PageFrame>
      <div className={pages.page}>
        <Link to="/endpoints/$slug/conversations" params={{ slug }} className={pages.back ?? ''}>
          {t('conversations.back', { slug })}
        </Link>
        {error !== null && <QueryError error={error} />}
        {conversation !== undefined && (
          <PageHead
            title={name}
            intro={t('conversations.facts', {
              number: formatCount(conversation.turns, language),
              time: formatTime(conversation.updatedAt, language),
            })}
          >
            <DeleteConversation
              slug={slug}
              name={name}
              onDeleted={() => navigate({ to: '/endpoints/$slug/conversations', params: { slug } })}
            />
          </PageHead>
        )}
        {hasNextPage && (
          <Button className={styles.earlier ?? ''} loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('conversations.earlier')}
          </Button>
        )}
        {turns?.length === 0 && <p className={pages.prose}>{t('conversations.noTurns')}</p>}
        {turns !== undefined && turns.length > 0 && (
          <ol className={styles.turns}>
            {turns.map((turn) => (
              <Turn key={turn.number} turn={turn} />
            ))}
          </ol>
        )}
      </div>
    </PageFrame>
  );
}

function Turn({ turn }: { readonly turn: ConversationTurn }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  return (
    <li className={styles.turn}>
      <p className={styles.facts}>
        <time dateTime={turn.createdAt}>{formatTime(turn.createdAt, language)}</time>
        <AnsweredBy turn={turn} />
      </p>
      <dl className={styles.said}>
        {turn.messages.map(({ role, content }, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: messages of a turn have no names, and never change.
          <div key={place} data-role={role}>
            <dt>
              {t(`inspector.role.${role}`)}
              {role === 'user' && turn.subject !== null && <small>{turn.subject}</small>}
            </dt>
            <dd>{role === 'assistant' ? <MarkdownView text={content} /> : content}</dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

function AnsweredBy({ turn: { answeredBy } }: { readonly turn: ConversationTurn }) {
  const { t } = useTranslation();
  if (answeredBy === null) {
    return <span title={t('conversations.unknownAnswerHint')}>{t('conversations.unknownAnswer')}</span>;
  }
  const { flow, version, build } = answeredBy;
  return (
    <Link to="/flows/$flowId" params={{ flowId: flow }}>
      {build === null
        ? t('conversations.answeredVersion', { version })
        : t('conversations.answered', { version, build })}
    </Link>
  );
}
