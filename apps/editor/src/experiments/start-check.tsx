import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type ExperimentSettings, experimentCheckQuery } from '../api/experiments.ts';
import { describeError } from '../api/problem.ts';
import { formatCount } from '../i18n/format.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { TurningArc } from '../icons/state-icon.tsx';
import pageStyles from '../pages/pages.module.css';
import { useAppearance } from '../theme/appearance.ts';
import styles from './experiments.module.css';

/** How much there is to measure, and what to mind, before it is begun. */
export function StartCheck({ settings }: { readonly settings: ExperimentSettings | null }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const language = useAppearance((appearance) => appearance.language);
  const { data, error, isFetching } = useQuery(experimentCheckQuery(settings));
  if (settings === null) return <p className={styles.hint}>{t('experiments.create.incomplete')}</p>;
  if (error !== null) {
    return (
      <p className={pageStyles.error} role="alert">
        {localise(describeError(error))}
      </p>
    );
  }
  const count = (number: number) => formatCount(number, language);
  const nameOf = (key: string) => settings.arms[Number(key.replace('arm-', '')) - 1]?.name ?? key;
  return (
    <div role="status" className={styles.check}>
      {isFetching && (
        <p className={pageStyles.loading}>
          <TurningArc />
          {t('experiments.create.checking')}
        </p>
      )}
      {data !== undefined && (
        <>
          <p>{t('experiments.create.answers', { number: count(data.answers) })}</p>
          {data.warnings.map(({ code, arms, message }) => (
            <p key={`${code} ${arms.join(' ')}`} className={styles.notice}>
              {localise(message)}
            </p>
          ))}
          {data.trained
            .filter(({ exact, near }) => exact + near > 0)
            .map(({ arm, exact, near }) => (
              <p key={arm} className={styles.notice}>
                {t('experiments.create.trained', { arm: nameOf(arm), exact: count(exact), near: count(near) })}
              </p>
            ))}
        </>
      )}
    </div>
  );
}
