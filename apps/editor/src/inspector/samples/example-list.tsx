import { useTranslation } from 'react-i18next';
import styles from './data-sets.module.css';
import { LongText } from './long-text.tsx';
import { MaskedText } from './masked-text.tsx';
import type { ExampleSample } from './read-sample.ts';

/** Examples as conversations; answers that are learnt are marked, all else only gives context. */
export function ExampleList({ examples }: { readonly examples: readonly ExampleSample[] }) {
  return (
    <ol className={styles.cards}>
      {examples.map((example) => (
        <ExampleCard key={example.id} example={example} />
      ))}
    </ol>
  );
}

function ExampleCard({ example: { id, split, messages, trained, passages } }: { readonly example: ExampleSample }) {
  const { t } = useTranslation();
  return (
    <li>
      <h4>
        <span title={id}>{id}</span>
        <small data-split={split}>{t(`dataSets.split.${split}`)}</small>
      </h4>
      <ol className={styles.talk}>
        {messages.map(({ role, content }, place) => {
          const isTrained = trained.includes(place);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: messages of an example never change places
            <li key={place} data-role={role} data-trained={isTrained || undefined}>
              <p className={styles.speaker}>
                {t(`dataSets.role.${role}`)}
                {isTrained && <em>{t('dataSets.trained')}</em>}
              </p>
              <div className={styles.bubble}>
                <LongText text={content}>
                  <MaskedText text={content} />
                </LongText>
              </div>
            </li>
          );
        })}
      </ol>
      {passages !== null && passages.length > 0 && (
        <details className={styles.passages}>
          <summary>{t('dataSets.passages', { number: passages.length })}</summary>
          <ul>
            {passages.map(({ documentName, text }, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: passages of an example never change places
              <li key={place}>
                <b>{documentName}</b>
                <LongText text={text} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}
