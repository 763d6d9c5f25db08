import type { LocalisedText } from '@kumiki/flow';
import { useTranslation } from 'react-i18next';
import type { ExperimentReport } from '../../api/experiments.ts';
import { formatCount } from '../../i18n/format.ts';
import { useLocalised } from '../../i18n/use-localised.ts';
import { useAppearance } from '../../theme/appearance.ts';
import { ArmMark, armColours } from './arm-mark.tsx';
import { Differences } from './differences.tsx';
import { formatScore } from './format-figures.ts';
import { findArm, findChosen, findMain, findPower, hasIntervals, type ToldMetric } from './read-report.ts';
import styles from './report.module.css';

/** What to do, why, and what would change it; beside it the differences that this rests on. */
export function Verdict({ report }: { readonly report: ExperimentReport }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const { decision } = report;
  const main = findMain(report);
  const chosen = findChosen(report);
  const arm = chosen === null ? null : findArm(report, chosen);
  const sentences = (name: 'reasons' | 'excluded' | 'wouldChange' | 'missing') =>
    decision[name].map(({ message }) => message);
  return (
    <section
      className={styles.verdict}
      style={{ borderLeftColor: arm === null ? 'var(--line-strong)' : armColours[arm.kind] }}
    >
      <div className={styles.say}>
        <p className={styles.kicker}>{chosen === null ? t('report.conclusion') : t('report.recommended')}</p>
        <h2>
          {arm !== null && <ArmMark kind={arm.kind} size={18} />}
          {localise(decision.headline)}
        </h2>
        <Sentences texts={sentences('reasons')} />
        <Sentences title={t('report.excluded')} texts={sentences('excluded')} />
        <Sentences title={t('report.wouldChange')} texts={sentences('wouldChange')} />
        <Sentences title={t('report.missing')} texts={sentences('missing')} />
      </div>
      <div className={styles.evidence}>
        <h3>{t('report.differences.title')}</h3>
        {main !== null && (
          <>
            <p className={styles.hint}>
              {t(hasIntervals(report) ? 'report.differences.hint' : 'report.differences.hintPlain', {
                metric: localise(main.metric.title),
              })}
            </p>
            <Differences report={report} metric={main.metric} differences={main.compared.differences} />
            <Power told={main} />
          </>
        )}
      </div>
    </section>
  );
}

/** How small a difference could have been seen, and what it would take to see the one that matters. */
function Power({ told: { metric, compared } }: { readonly told: ToldMetric }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const power = findPower(compared);
  if (power === null) return null;
  const values = {
    rows: formatCount(power.rows, language),
    visible: formatScore(power.visible, metric, language),
    wanted: formatScore(power.wanted, metric, language),
    needed: formatCount(Math.ceil(power.neededRows), language),
  };
  return (
    <p className={styles.power}>
      {t(power.visible > power.wanted ? 'report.differences.power' : 'report.differences.powerEnough', values)}
    </p>
  );
}

export function Sentences({ title, texts }: { readonly title?: string; readonly texts: readonly LocalisedText[] }) {
  const localise = useLocalised();
  if (texts.length === 0) return null;
  return (
    <>
      {title !== undefined && <h3>{title}</h3>}
      <ul className={styles.reasons}>
        {texts.map((text) => (
          <li key={text.en}>{localise(text)}</li>
        ))}
      </ul>
    </>
  );
}
