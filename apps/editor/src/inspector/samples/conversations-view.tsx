import { useTranslation } from 'react-i18next';
import { formatTime } from '../../i18n/format.ts';
import { useAppearance } from '../../theme/appearance.ts';
import styles from './data-sets.module.css';
import { LongText } from './long-text.tsx';
import { MaskedText } from './masked-text.tsx';
import type { ConversationSample } from './read-sample.ts';

/** Conversations as they were held: who said what, and when. */
export function ConversationsView({ conversations }: { readonly conversations: readonly ConversationSample[] }) {
  const { t } = useTranslation();
  return (
    <ul className={styles.cards}>
      {conversations.map(({ document, item }) => (
        <li key={`${document.id} ${item.id}`}>
          <h4>
            <span>{document.name}</span>
            {item.line !== null && <small>{t('dataSets.line', { line: item.line })}</small>}
          </h4>
          <ol className={styles.talk}>
            {item.utterances.map((utterance, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: utterances of a conversation never change places
              <Utterance key={place} utterance={utterance} />
            ))}
          </ol>
        </li>
      ))}
    </ul>
  );
}

type UtteranceProps = { readonly utterance: ConversationSample['item']['utterances'][number] };

function Utterance({ utterance: { speaker, role, text, at } }: UtteranceProps) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const named = speaker !== '' ? speaker : role !== null ? t(`dataSets.role.${role}`) : t('dataSets.unknownSpeaker');
  return (
    <li data-role={role ?? undefined}>
      <p className={styles.speaker}>
        {named}
        {at !== null && <time dateTime={at}>{formatTime(at, language)}</time>}
      </p>
      <div className={styles.bubble}>
        <LongText text={text}>
          <MaskedText text={text} />
        </LongText>
      </div>
    </li>
  );
}
