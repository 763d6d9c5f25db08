import { useTranslation } from 'react-i18next';
import { useCitedDocument } from '../../documents/cited-document.ts';
import { useRuns } from '../../flow/flow-context.tsx';
import { isOver } from '../../run/run-state.ts';
import styles from './ask.module.css';
import type { AskEntry } from './ask-store.ts';
import { type Citation, listCited, readAnswer } from './read-answer.ts';

/** What the answer cites, each with its document, place and quote; a click opens the document there. */
export function CitationList({ entry }: { readonly entry: AskEntry | null }) {
  const { t } = useTranslation();
  const run = useRuns((state) => (entry?.run == null ? undefined : state.runs[entry.run]));
  const arms = run === undefined ? [] : entry?.output != null ? [entry.output] : Object.keys(run.outputs ?? {});
  const cited = run === undefined ? [] : arms.map((arm) => [arm, listCited(readAnswer(run, arm).citations)] as const);
  const number = cited.reduce((sum, [, citations]) => sum + citations.length, 0);
  const isAnswered = run !== undefined && isOver(run.phase);
  return (
    <aside className={styles.citations} aria-label={t('ask.citations')}>
      <h3>
        {t('ask.citations')}
        {number > 0 && <small>{t('ask.citationsChecked', { number })}</small>}
      </h3>
      {number === 0 && <p className={styles.none}>{isAnswered ? t('ask.noneCited') : t('ask.noCitations')}</p>}
      {cited.map(
        ([arm, citations]) =>
          citations.length > 0 && (
            <div key={arm}>
              {cited.length > 1 && <h4>{arm}</h4>}
              <Citations citations={citations} />
            </div>
          ),
      )}
    </aside>
  );
}

/** One line for each passage that was cited. */
export function Citations({ citations }: { readonly citations: readonly Citation[] }) {
  return (
    <ol className={styles.cited}>
      {citations.map((citation) => (
        <CitationRow key={citation.number} citation={citation} />
      ))}
    </ol>
  );
}

function CitationRow({ citation }: { readonly citation: Citation }) {
  const { t } = useTranslation();
  const open = useCitedDocument((state) => state.open);
  const { number, kind, documentName, headings, page, quote } = citation;
  const place = page !== null ? t('documents.page', { page }) : headings.length > 1 ? headings[0] : '';
  return (
    <li>
      <button type="button" onClick={() => open(citation)}>
        <span className={styles.chip} data-kind={kind}>
          {number}
        </span>
        <b>{headings.at(-1) ?? documentName}</b>
        <span className={styles.where}>{place}</span>
        <q>{quote}</q>
        <span className={styles.source}>
          {documentName}
          {kind === 'sentence' && <em title={t('ask.sentenceHint')}>{t('ask.sentence')}</em>}
        </span>
      </button>
    </li>
  );
}
