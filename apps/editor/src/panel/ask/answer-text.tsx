import { useTranslation } from 'react-i18next';
import { useCitedDocument } from '../../documents/cited-document.ts';
import { MarkdownView } from '../../markdown/markdown-view.tsx';
import styles from './ask.module.css';
import { type Answer, type CitationMark, listMarks } from './read-answer.ts';

/** An answer with its markers as chips, which open what they cite; a caret while it is being written. */
export function AnswerText({ answer }: { readonly answer: Answer }) {
  const { text, isText, state } = answer;
  if (!isText) return <pre className={styles.json}>{text}</pre>;
  const chips = listMarks(answer).map((mark) => ({ ...mark, shown: <CitationChip mark={mark} /> }));
  const caret = { from: text.length, to: text.length, shown: <i className={styles.caret} aria-hidden="true" /> };
  return (
    <div className={styles.answer}>
      <MarkdownView text={text} marks={state === 'streaming' ? [...chips, caret] : chips} />
    </div>
  );
}

function CitationChip({ mark: { number, citation } }: { readonly mark: CitationMark }) {
  const { t } = useTranslation();
  const open = useCitedDocument((state) => state.open);
  if (citation === null) return <span className={styles.chip}>{number}</span>;
  return (
    <button
      type="button"
      className={styles.chip}
      data-kind={citation.kind}
      aria-label={t('ask.openCitation', { number, document: citation.documentName })}
      title={citation.kind === 'sentence' ? t('ask.sentenceHint') : citation.quote}
      onClick={() => open(citation)}
    >
      {number}
    </button>
  );
}
