import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useDerivedFlow } from '../../flow/flow-context.tsx';
import { formatCount, formatDuration } from '../../i18n/format.ts';
import { StateIcon } from '../../icons/state-icon.tsx';
import type { RunState } from '../../run/run-state.ts';
import { useAppearance } from '../../theme/appearance.ts';
import { AnswerText } from './answer-text.tsx';
import styles from './arm-columns.module.css';
import ask from './ask.module.css';
import { Citations } from './citation-list.tsx';
import { type ArmFigures, measureArm } from './measure-arm.ts';
import { type Answer, listCited, readAnswer } from './read-answer.ts';
import { readInterface } from './read-interface.ts';

/** Comparing texts takes a library that only this view needs. */
const DifferenceText = lazy(async () => ({ default: (await import('./difference-text.tsx')).DifferenceText }));

/** So many stand beside one another in the narrowest window; more of them are scrolled to. */
const mostBeside = 3;

type ArmColumnsProps = {
  readonly run: RunState;
  readonly arms: readonly string[];
  /** When it was asked, by this machine's clock; null where it was not asked in this session. */
  readonly askedAt: number | null;
  readonly marksDifferences: boolean;
};

/** What several arms answer to one question, side by side, each with its own figures and citations. */
export function ArmColumns({ run, arms, askedAt, marksDifferences }: ArmColumnsProps) {
  const { t } = useTranslation();
  const { graph } = useDerivedFlow();
  const outputs = readInterface(graph).arms;
  const answers = arms.map((arm) => readAnswer(run, arm));
  return (
    <div className={styles.answers} data-many={arms.length > mostBeside || undefined}>
      {arms.map((arm, place) => {
        const answer = answers[place];
        if (answer === undefined) return null;
        const output = outputs.find(({ name }) => name === arm)?.node ?? null;
        const cited = listCited(answer.citations);
        const figures = measureArm(run, graph, output, arm);
        return (
          <section key={arm} className={styles.arm} aria-label={arm}>
            <header>
              <h4>{arm}</h4>
              <span className={ask.phase} data-state={figures.state}>
                <StateIcon state={figures.state} size={12} />
                {t(`nodes.state.${figures.state}`)}
              </span>
            </header>
            <ArmMeter figures={figures} answer={answer} askedAt={askedAt} />
            <ArmAnswer answer={answer} other={marksDifferences ? findOther(answers, place) : null} />
            {cited.length > 0 && (
              <details className={styles.citations}>
                <summary>{t('ask.citationsOfArm', { number: cited.length })}</summary>
                <Citations citations={cited} />
              </details>
            )}
          </section>
        );
      })}
    </div>
  );
}

function ArmAnswer({ answer, other }: { readonly answer: Answer; readonly other: Answer | null }) {
  const { t } = useTranslation();
  if (answer.state === 'skipped') return <p className={ask.wait}>{t('ask.skipped')}</p>;
  if (answer.text === '') return null;
  const canCompare = other !== null && answer.isText && other.isText && other.state === 'answered';
  if (!canCompare || answer.state !== 'answered') return <AnswerText answer={answer} />;
  return (
    <Suspense fallback={<AnswerText answer={answer} />}>
      <DifferenceText text={answer.text} other={other.text} />
    </Suspense>
  );
}

/** What an answer is compared with: the first one; that one itself with the other, where there are just two. */
function findOther(answers: readonly Answer[], place: number): Answer | null {
  if (place > 0) return answers[0] ?? null;
  return answers.length === 2 ? (answers[1] ?? null) : null;
}

type ArmMeterProps = { readonly figures: ArmFigures; readonly answer: Answer; readonly askedAt: number | null };

/** Time until the first character, speed, tokens and time of one arm. */
function ArmMeter({ figures, answer, askedAt }: ArmMeterProps) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const { firstTextAt, lastTextAt, milliseconds, usage } = figures;
  const writing = firstTextAt === null || lastTextAt === null ? 0 : lastTextAt - firstTextAt;
  return (
    <p className={`${ask.meter} ${styles.figures}`}>
      {askedAt !== null && firstTextAt !== null && (
        <span>{t('ask.firstText', { time: formatDuration(Math.max(0, firstTextAt - askedAt), language) })}</span>
      )}
      {askedAt !== null && writing >= 300 && (
        <span>
          {t('ask.speed', { speed: formatCount(Math.round((answer.text.length * 1_000) / writing), language) })}
        </span>
      )}
      {usage !== null && (
        <span>
          {t('ask.tokens', {
            prompt: formatCount(usage.promptTokens, language),
            completion: formatCount(usage.completionTokens, language),
          })}
        </span>
      )}
      {milliseconds !== null && <span>{t('ask.took', { time: formatDuration(milliseconds, language) })}</span>}
    </p>
  );
}
