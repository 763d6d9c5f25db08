import { VisuallyHidden } from '@mantine/core';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './training-rows.module.css';

type Token = { readonly text: string; readonly trained: boolean };

/** What a model reads, to the last control token. What it learns is bold and underlined, and said to readers in words. */
export function LearntTokens({ tokens }: { readonly tokens: readonly Token[] }) {
  const { t } = useTranslation();
  return (
    <div className={styles.tokens}>
      {joinTokens(tokens).map(({ start, text, trained }) =>
        trained ? (
          <mark key={start}>
            <VisuallyHidden component="span">{t('training.preview.begins')}</VisuallyHidden>
            {text}
            <VisuallyHidden component="span">{t('training.preview.ends')}</VisuallyHidden>
          </mark>
        ) : (
          <Fragment key={start}>{text}</Fragment>
        ),
      )}
    </div>
  );
}

type Stretch = Token & { readonly start: number };

/** Neighbours of one kind in one piece: a row may have thousands of tokens. */
function joinTokens(tokens: readonly Token[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (const [start, { text, trained }] of tokens.entries()) {
    const last = stretches.at(-1);
    if (last?.trained === trained) stretches[stretches.length - 1] = { ...last, text: last.text + text };
    else stretches.push({ start, text, trained });
  }
  return stretches;
}
