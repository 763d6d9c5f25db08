import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { fileTextQuery } from '../api/collections.ts';
import { describeError } from '../api/problem.ts';
import { formatCount } from '../i18n/format.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { useAppearance } from '../theme/appearance.ts';
import type { CitedPlace } from './cited-document.ts';
import styles from './documents.module.css';
import { cutText, locatePassage } from './mark-place.ts';

type DocumentTextProps = {
  readonly collection: string;
  readonly name: string;
  /** The place to mark and scroll to. */
  readonly place: CitedPlace | null;
};

/**
 * The text of a file, and where in it a passage stands. One that the file itself does not hold may be of the transcript of
 * the conversations in it, which is what their chunks are cut from.
 */
function useCitedText(collection: string, name: string, place: CitedPlace | null) {
  const plain = useQuery(fileTextQuery(collection, name));
  const inPlain = useLocated(plain.data?.text, place);
  const isElsewhere = place !== null && !plain.isPending && inPlain === null;
  const transcript = useQuery({ ...fileTextQuery(collection, name, 'conversations'), enabled: isElsewhere });
  const inTranscript = useLocated(transcript.data?.text, place);
  if (isElsewhere && transcript.isPending) return { data: undefined, passage: null, error: null, isPending: true };
  return inTranscript === null
    ? { data: plain.data, passage: inPlain, error: plain.error, isPending: plain.isPending }
    : { data: transcript.data, passage: inTranscript, error: null, isPending: false };
}

function useLocated(text: string | undefined, place: CitedPlace | null) {
  return useMemo(() => (text === undefined || place === null ? null : locatePassage(text, place)), [text, place]);
}

/** The text of a file of a collection, as the chunker sees it. */
export function DocumentText({ collection, name, place }: DocumentTextProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const language = useAppearance((appearance) => appearance.language);
  const { data, passage, error, isPending } = useCitedText(collection, name, place);
  const pieces = useMemo(
    () => (data === undefined ? [] : cutText(data.text, data.headings, passage, place?.quote ?? null)),
    [data, passage, place],
  );
  const marked = useRef<HTMLElement>(null);
  // Newer browsers give a promise for scrolling, which an effect must not return.
  const toPassage = () => {
    marked.current?.scrollIntoView({ block: 'center' });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once the text is there
  useEffect(toPassage, [pieces]);

  if (isPending) return <p className={styles.message}>{t('common.loading')}</p>;
  if (data === undefined) {
    return (
      <>
        <p className={styles.message}>{localise(describeError(error))}</p>
        {place !== null && <PassageText place={place} />}
      </>
    );
  }
  const firstMarked = pieces.find(({ mark }) => mark === 'quote' || mark === 'passage')?.start;
  return (
    <>
      <p className={styles.place}>
        <span>{t('documents.characters', { number: formatCount(data.text.length, language) })}</span>
        {data.pages.length > 0 && (
          <span>{t('documents.pages', { number: formatCount(data.pages.length, language) })}</span>
        )}
        {passage !== null && (
          <Button variant="subtle" size="compact-xs" onClick={toPassage}>
            {t('documents.toPassage')}
          </Button>
        )}
      </p>
      {place !== null && passage === null && <p className={styles.message}>{t('documents.changed')}</p>}
      <div className={styles.text}>
        {pieces.map(({ start, text, mark }) => {
          const ref = start === firstMarked ? marked : undefined;
          if (mark === 'heading') return <h3 key={start}>{text}</h3>;
          if (mark === null) return <span key={start}>{text}</span>;
          return (
            <mark key={start} ref={ref} data-mark={mark}>
              {text}
            </mark>
          );
        })}
      </div>
    </>
  );
}

/** The passage alone, where the whole text cannot be had. */
export function PassageText({ place }: { readonly place: CitedPlace }) {
  const pieces = cutText(place.text, [], { start: 0, end: place.text.length }, place.quote);
  return (
    <div className={styles.text}>
      {pieces.map(({ start, text, mark }) => (
        <mark key={start} data-mark={mark}>
          {text}
        </mark>
      ))}
    </div>
  );
}
