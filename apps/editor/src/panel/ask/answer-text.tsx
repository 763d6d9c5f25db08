import { useTranslation } from 'react-i18next';
import { useCitedDocument } from '../../documents/cited-document.ts';
import styles from './ask.module.css';
import { type Answer, cutAnswer } from './read-answer.ts';

/** An answer with its markers as chips, which open what they cite; a caret while it is being written. */
export function AnswerText({ answer }: { readonly answer: Answer }) {
  const { t } = useTranslation();
  const open = useCitedDocument((state) => state.open);
  return (
    <p className={styles.answer}>
      {cutAnswer(answer).map((piece) => {
        if ('text' in piece) return <span key={piece.start}>{piece.text}</span>;
        const { citation, number } = piece;
        if (citation === null) {
          return (
            <span key={`${piece.start} mark`} className={styles.chip}>
              {number}
            </span>
          );
        }
        const label = t('ask.openCitation', { number, document: citation.documentName });
        return (
          <button
            key={`${piece.start} mark`}
            type="button"
            className={styles.chip}
            data-kind={citation.kind}
            aria-label={label}
            title={citation.kind === 'sentence' ? t('ask.sentenceHint') : citation.quote}
            onClick={() => open(citation)}
          >
            {number}
          </button>
        );
      })}
      {answer.state === 'streaming' && <i className={styles.caret} aria-hidden="true" />}
    </p>
  );
}
