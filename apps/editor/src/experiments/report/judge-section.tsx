import { useTranslation } from 'react-i18next';
import type { ExperimentReport } from '../../api/experiments.ts';
import { formatCount } from '../../i18n/format.ts';
import { useLocalised } from '../../i18n/use-localised.ts';
import { useAppearance } from '../../theme/appearance.ts';
import { nameArm } from './read-report.ts';
import styles from './report.module.css';

type Wins = ExperimentReport['labels']['wins'];

/** Who judged: model, prompt, how often it disagreed with itself, and how far people agree with it. */
export function JudgeSection({ report }: { readonly report: ExperimentReport }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const localise = useLocalised();
  const { judge, labels } = report;
  const count = (number: number) => formatCount(number, language);
  return (
    <div>
      <h2>{t('report.judge.title')}</h2>
      {judge === null && <p className={styles.prose}>{t('report.judge.none')}</p>}
      <dl className={styles.facts}>
        {judge !== null && (
          <div>
            <dt>{t('report.judge.model')}</dt>
            <dd>
              {judge.model} · {judge.host}
              <small>
                {t('report.judge.pairs', {
                  pairs: count(judge.pairs),
                  disagreements: count(judge.disagreements),
                  rubbish: count(judge.rubbish),
                })}
              </small>
              {judge.failed > 0 && (
                <small>
                  {t('report.judge.failed', { number: count(judge.failed) })}
                  {judge.error !== null && ` ${localise(judge.error.message)}`}
                </small>
              )}
            </dd>
          </div>
        )}
        {labels.pairs > 0 && (
          <div>
            <dt>{t('report.judge.labelled')}</dt>
            <dd>{t('report.judge.labelledValue', { labelled: count(labels.labelled), pairs: count(labels.pairs) })}</dd>
          </div>
        )}
        {judge !== null && (
          <div>
            <dt>{t('report.judge.kappa')}</dt>
            <dd>
              {labels.kappa === null
                ? labels.kappaAbsence === null
                  ? t('report.absence.notMeasured')
                  : localise(labels.kappaAbsence)
                : new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(
                    labels.kappa,
                  )}
            </dd>
          </div>
        )}
      </dl>
      <WinList title={t('report.judge.byJudge')} wins={judge?.wins ?? []} report={report} />
      <WinList title={t('report.judge.byPeople')} wins={labels.wins} report={report} />
      {judge !== null && (
        <details className={styles.prompt}>
          <summary>{t('report.judge.prompt')}</summary>
          {Object.entries(judge.prompts).map(([name, prompt]) => (
            <pre key={name}>{prompt}</pre>
          ))}
        </details>
      )}
    </div>
  );
}

type WinListProps = { readonly title: string; readonly wins: Wins; readonly report: ExperimentReport };

function WinList({ title, wins, report }: WinListProps) {
  const { t } = useTranslation();
  if (wins.length === 0) return null;
  const nameOf = (key: string) => nameArm(report, key);
  return (
    <>
      <h3>{title}</h3>
      <ul className={styles.reasons}>
        {wins.map(({ arm, against, won, tied, lost }) => (
          <li key={`${arm} ${against}`}>
            {t('report.judge.pair', { arm: nameOf(arm), against: nameOf(against) })}:{' '}
            {t('report.judge.wins', { won, tied, lost })}
          </li>
        ))}
      </ul>
    </>
  );
}
