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

/** The text of a file of a collection, as the chunker sees it. */
export function DocumentText({ collection, name, place }: DocumentTextProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const language = useAppearance((appearance) => appearance.language);
  const { data, error, isPending } = useQuery(fileTextQuery(collection, name));
  const passage = useMemo(
    () => (data === undefined || place === null ? null : locatePassage(data.text, place)),
    [data, place],
  );
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
  if (error !== null) {
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
