import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExperimentAnswer, ExperimentReport, ExperimentRow, ReportMetric } from '../../api/experiments.ts';
import { useLocalised } from '../../i18n/use-localised.ts';
import { useAppearance } from '../../theme/appearance.ts';
import { ArmMark, ArmName, armColours } from './arm-mark.tsx';
import { ComparedAnswer } from './compared-answer.tsx';
import { formatScore, placeOn } from './format-figures.ts';
import { Judgements } from './judgements.tsx';
import { findMain } from './read-report.ts';
import styles from './report.module.css';

type DividedRowsProps = {
  readonly report: ExperimentReport;
  readonly rows: readonly ExperimentRow[];
  /** Brings more of them. */
  readonly children?: ReactNode;
};

/** The questions on which the arms differ most, each with all its answers side by side. */
export function DividedRows({ report, rows, children }: DividedRowsProps) {
  const { t } = useTranslation();
  const metric = findMain(report)?.metric ?? null;
  const divided = rows.filter(({ difference }) => difference !== null && difference > 0);
  return (
    <section data-texts>
      <header className={styles.sectionHead}>
        <h2>{t('report.rows.title')}</h2>
        <p>{divided.length === 0 ? t('report.rows.none') : t('report.rows.hint')}</p>
      </header>
      {metric !== null &&
        divided.map((row, place) => <DividedRow key={row.number} {...{ report, row, metric }} isOpen={place === 0} />)}
      {children}
    </section>
  );
}

type DividedRowProps = {
  readonly report: ExperimentReport;
  readonly row: ExperimentRow;
  readonly metric: ReportMetric;
  readonly isOpen: boolean;
};

function DividedRow({ report, row, metric, isOpen }: DividedRowProps) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  return (
    <details className={styles.row} open={isOpen}>
      <summary>
        <span className={styles.rowNumber}>{row.number}</span>
        <span className={styles.rowQuestion}>{row.question}</span>
        {row.topic !== null && <span className={styles.rowTopic}>{row.topic}</span>}
        {!row.answerable && <span className={styles.tag}>{t('report.rows.unanswerable')}</span>}
        {row.leftOut && <span className={styles.tag}>{t('report.rows.leftOut')}</span>}
        <RowScores {...{ report, row, metric }} />
        <b className={styles.figure}>
          {row.difference !== null &&
            t('report.rows.difference', { value: formatScore(row.difference, metric, language) })}
        </b>
      </summary>
      <p className={styles.references}>
        <b>{t('report.rows.references')}</b>
        {row.references.length === 0 ? t('report.rows.noReference') : row.references.join(' / ')}
        {row.references.length > 0 && (
          <span className={styles.key}>
            <ins>{t('report.rows.sameWords')}</ins>
          </span>
        )}
      </p>
      <div className={styles.columns}>
        {report.arms.map((arm) => {
          const answers = row.answers.filter((answer) => answer.arm === arm.key);
          const [first] = answers;
          return (
            <article key={arm.key}>
              <header>
                <ArmName arm={arm} />
                <span>{describeScore(first, metric, language)}</span>
              </header>
              {first === undefined ? (
                <p className={styles.none}>{t('report.rows.noAnswer')}</p>
              ) : (
                <Answer answer={first} references={row.references} />
              )}
              {answers.length > 1 && (
                <small className={styles.hint}>{t('report.rows.repetition', { all: answers.length })}</small>
              )}
            </article>
          );
        })}
      </div>
      <Judgements report={report} judgements={row.judgements} />
    </details>
  );
}

type RowScoresProps = Omit<DividedRowProps, 'isOpen'>;

/** The main metric of each arm as a bar, with its figure. */
function RowScores({ report, row, metric }: RowScoresProps) {
  const language = useAppearance((appearance) => appearance.language);
  const [low, high] = metric.range;
  return (
    <span className={styles.rowScores}>
      {report.arms.map((arm) => {
        const score = readScore(
          row.answers.find((answer) => answer.arm === arm.key),
          metric,
        );
        return (
          <span key={arm.key} title={arm.name}>
            <ArmMark kind={arm.kind} size={10} />
            <span className={styles.hidden}>{arm.name}</span>
            {score === null ? '—' : formatScore(score, metric, language)}
            {score !== null && high !== null && (
              <i>
                <u style={{ width: `${placeOn(score, low, high) * 100}%`, background: armColours[arm.kind] }} />
              </i>
            )}
          </span>
        );
      })}
    </span>
  );
}

function describeScore(
  answer: ExperimentAnswer | undefined,
  metric: ReportMetric,
  language: Parameters<typeof formatScore>[2],
): string {
  const score = readScore(answer, metric);
  return score === null ? '' : formatScore(score, metric, language);
}

/** Null where the metric has no value for it. */
function readScore(answer: ExperimentAnswer | undefined, { id }: ReportMetric): number | null {
  const score = answer?.scores[id];
  return typeof score === 'number' ? score : null;
}

type AnswerProps = { readonly answer: ExperimentAnswer; readonly references: readonly string[] };

function Answer({ answer, references }: AnswerProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const { state, text, error, citations } = answer;
  return (
    <>
      {state === 'refused' && <p className={styles.tag}>{t('report.rows.refused')}</p>}
      {state === 'failed' && (
        <p className={styles.failed}>{error === null ? t('report.rows.failed') : localise(error.message)}</p>
      )}
      {text !== null && <ComparedAnswer text={text} references={references} />}
      <h3 className={styles.label}>{t('report.rows.citations')}</h3>
      {citations.length === 0 ? (
        <p className={styles.none}>{t('report.rows.noCitations')}</p>
      ) : (
        <ol className={styles.cited}>
          {citations.map(({ number, documentName, headings, quote, start }) => (
            <li key={`${number} ${start}`}>
              <b>{number}</b> {headings.at(-1) ?? documentName}
              <q>{quote}</q>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
