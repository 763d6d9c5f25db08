import { useTranslation } from 'react-i18next';
import type { ExperimentReport, ExperimentRow } from '../../api/experiments.ts';
import { nameArm } from './read-report.ts';
import styles from './report.module.css';

type JudgementsProps = { readonly report: ExperimentReport; readonly judgements: ExperimentRow['judgements'] };

/** What the judge said of each pair of arms, and why. Nothing where no judge was asked. */
export function Judgements({ report, judgements }: JudgementsProps) {
  const { t } = useTranslation();
  if (judgements.length === 0) return null;
  const nameOf = (key: string) => nameArm(report, key);
  return (
    <div className={styles.judgements}>
      <h3 className={styles.label}>{t('report.rows.judge')}</h3>
      <ul>
        {judgements.map(({ arms, preferred, agreed, reasons }) => {
          const [one, other] = arms;
          return (
            <li key={`${one} ${other}`}>
              <b>
                {preferred === null
                  ? t('report.rows.judgeTie', { arm: nameOf(one), other: nameOf(other) })
                  : t('report.rows.judgePrefers', {
                      arm: nameOf(preferred),
                      other: nameOf(preferred === one ? other : one),
                    })}
              </b>
              {!agreed && <small>{t('report.rows.judgeDisagreed')}</small>}
              {reasons.map((reason) => (
                <p key={reason}>{reason}</p>
              ))}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
