import { useTranslation } from 'react-i18next';
import type { ExperimentReport } from '../../api/experiments.ts';
import { formatCount } from '../../i18n/format.ts';
import { useLocalised } from '../../i18n/use-localised.ts';
import { useAppearance } from '../../theme/appearance.ts';
import { JudgeSection } from './judge-section.tsx';
import { nameArm } from './read-report.ts';
import styles from './report.module.css';
import { Sentences } from './verdict.tsx';

/** What the measurement cannot tell, what was left out of it, who judged, and how to do it again. */
export function ReportFoot({ report }: { readonly report: ExperimentReport }) {
  const { t } = useTranslation();
  return (
    <section className={styles.foot}>
      <div>
        <h2>{t('report.cannotSay')}</h2>
        <Sentences texts={report.decision.cannotSay} />
        <LeftOut report={report} />
      </div>
      <JudgeSection report={report} />
      <Reproduce report={report} />
    </section>
  );
}

function LeftOut({ report }: { readonly report: ExperimentReport }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const language = useAppearance((appearance) => appearance.language);
  const { leftOut } = report.counts;
  return (
    <>
      <h2>{t('report.leftOut.title')}</h2>
      {leftOut.length === 0 && <p className={styles.prose}>{t('report.leftOut.none')}</p>}
      <ul className={styles.reasons}>
        {leftOut.map(({ reason, arm, count, message, rows }) => (
          <li key={`${reason} ${arm}`}>
            {localise(message)}
            <small>
              {[
                arm === null ? t('report.leftOut.forAll') : nameArm(report, arm),
                t('report.facts.leftOutValue', { number: formatCount(count, language) }),
                ...(rows.length === 0 ? [] : [t('report.leftOut.rows', { rows: rows.join(', ') })]),
              ].join(' · ')}
              {rows.length > 0 && rows.length < count && ` ${t('report.leftOut.more')}`}
            </small>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Every version, build, digest, hash and seed that it takes. */
function Reproduce({ report: { arms, reproduce, experiment } }: { readonly report: ExperimentReport }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  return (
    <div className={styles.reproduce}>
      <h2>{t('report.reproduce.title')}</h2>
      <dl className={styles.facts}>
        {arms.map((arm) => (
          <div key={arm.key}>
            <dt>{arm.name}</dt>
            <dd>
              {t('report.reproduce.flowValue', {
                name: arm.flowName,
                version: arm.version,
                build: arm.build,
                output: arm.output,
              })}{' '}
              <code>{shorten(arm.versionSha256)}</code>
              {arm.models.map((model) => (
                <small key={model.node}>
                  {[model.name, model.quantisation, model.host].filter((part) => part !== null).join(' · ')}{' '}
                  <code>{model.digest === null ? t('report.reproduce.unpinned') : shorten(model.digest)}</code>
                  {model.adapter !== null && <code> + {shorten(model.adapter)}</code>}
                </small>
              ))}
            </dd>
          </div>
        ))}
        <div>
          <dt>{t('report.reproduce.dataset')}</dt>
          <dd>
            {reproduce.questionSet.name} <code>{shorten(reproduce.questionSet.sha256)}</code>
            {reproduce.questionSet.redacted && ` ${t('report.reproduce.redacted')}`}
          </dd>
        </div>
        <div>
          <dt>{t('report.reproduce.seed')}</dt>
          <dd>
            <code>{reproduce.seed}</code>
          </dd>
        </div>
        <div>
          <dt>{t('report.reproduce.order')}</dt>
          <dd>{localise(reproduce.order)}</dd>
        </div>
        <div>
          <dt>{t('report.reproduce.promptCache')}</dt>
          <dd>{localise(reproduce.promptCache)}</dd>
        </div>
        <div>
          <dt>{t('report.reproduce.hardware')}</dt>
          <dd>{reproduce.hardware}</dd>
        </div>
        <div>
          <dt>{t('report.reproduce.program')}</dt>
          <dd>{experiment.kumiki}</dd>
        </div>
      </dl>
    </div>
  );
}

/** The first twelve digits are enough to tell one from another; the JSON has them all. */
function shorten(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}
