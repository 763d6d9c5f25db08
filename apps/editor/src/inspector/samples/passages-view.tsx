import { useTranslation } from 'react-i18next';
import { useCitedDocument } from '../../documents/cited-document.ts';
import { MarkedText } from './marked-text.tsx';
import type { PassageSample } from './read-sample.ts';
import styles from './samples.module.css';

type PassagesViewProps = {
  readonly passages: readonly PassageSample[];
  readonly words: ReadonlySet<string>;
  /** Numbers of the passages that the answer cites. */
  readonly cited: ReadonlySet<number>;
};

/** Passages as the model gets them, numbered, with what they are ranked by. */
export function PassagesView({ passages, words, cited }: PassagesViewProps) {
  const { t } = useTranslation();
  const open = useCitedDocument((state) => state.open);
  const scale = chooseScale(passages.map(({ scores }) => scores.ranking));
  return (
    <ol className={styles.passages}>
      {passages.map((passage, place) => {
        const number = place + 1;
        const { scores, headings, documentName, page } = passage;
        const where = [documentName, ...headings.slice(0, -1)].join(' › ');
        return (
          <li key={`${passage.documentId} ${passage.start}`}>
            <span className={styles.rank} data-cited={cited.has(number) || undefined}>
              {number}
            </span>
            <button
              type="button"
              className={styles.heading}
              title={t('inspector.openDocument')}
              onClick={() => open({ ...passage, quote: null })}
            >
              {headings.at(-1) ?? documentName}
            </button>
            <span className={styles.score} title={t('inspector.ranking')}>
              <i className={styles.meter}>
                <i style={{ width: `${Math.max(0, Math.min(1, scores.ranking / scale)) * 100}%` }} />
              </i>
              <b>{formatScore(scores.ranking)}</b>
            </span>
            <p className={styles.text}>
              <MarkedText text={passage.text} words={words} />
            </p>
            <p className={styles.place}>
              <span>
                {where}
                {page !== null && ` · ${t('documents.page', { page })}`}
              </span>
              {scores.cosine !== null && (
                <span>
                  {t('inspector.similarity')} <b>{formatScore(scores.cosine)}</b>
                </span>
              )}
              {scores.bm25 !== null && (
                <span>
                  {t('inspector.words')} <b>{formatScore(scores.bm25)}</b>
                </span>
              )}
            </p>
          </li>
        );
      })}
    </ol>
  );
}

/** Scores up to 1 fill their bar at 1; others (BM25, reciprocal ranks) only compare with the best. */
function chooseScale(rankings: readonly number[]): number {
  const best = Math.max(0, ...rankings);
  return best > 1 || best < 0.1 ? best || 1 : 1;
}

function formatScore(score: number): string {
  if (score !== 0 && Math.abs(score) < 0.1) return score.toFixed(3);
  return Math.abs(score) >= 10 ? score.toFixed(1) : score.toFixed(2);
}
