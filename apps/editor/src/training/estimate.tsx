import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useUnloadModels } from '../api/models.ts';
import { formatBytes, formatDuration } from '../i18n/format.ts';
import { Icon } from '../icons/icon.tsx';
import type { TrainingRun } from '../run/training-run.ts';
import { reportError } from '../shell/notices.ts';
import { useAppearance } from '../theme/appearance.ts';
import styles from './training.module.css';

type EstimateProps = { readonly estimate: NonNullable<TrainingRun['estimate']> };

/** What the training was expected to take of what the machine had; where that is little, the way to have more of it. */
export function Estimate({ estimate: { verdict, memory, seconds } }: EstimateProps) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const free = formatBytes(memory.free, language);
  // Before a base model has been fetched nobody knows its shape.
  const isKnown = memory.needed > 0;
  return (
    <>
      <p className={styles.facts} data-verdict={isKnown ? verdict : undefined}>
        {isKnown && verdict !== 'fits' && <Icon name="warning" size={12} />}
        <b>
          {t('training.estimate.title')} ·{' '}
          {isKnown ? t(`training.estimate.verdict.${verdict}`) : t('training.estimate.unknown')}
        </b>
        <span>
          {isKnown
            ? t(`training.estimate.memory.${memory.device}`, { needed: formatBytes(memory.needed, language), free })
            : t('training.estimate.free', { free })}
        </span>
        {isKnown && <span>{t('training.estimate.time', { time: formatDuration(seconds * 1_000, language) })}</span>}
      </p>
      {verdict !== 'fits' && memory.held > 0 && <HeldMemory held={memory.held} />}
    </>
  );
}

/** Models that are loaded and idle give their memory back when somebody asks them to. */
function HeldMemory({ held }: { readonly held: number }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const unload = useUnloadModels();
  return (
    <p className={styles.held}>
      {unload.isSuccess ? (
        <span role="status">{t('training.estimate.unloaded')}</span>
      ) : (
        <>
          {t('training.estimate.held', { held: formatBytes(held, language) })}
          <Button
            size="compact-xs"
            loading={unload.isPending}
            onClick={() => unload.mutate(undefined, { onError: reportError })}
          >
            {t('training.estimate.unload')}
          </Button>
        </>
      )}
    </p>
  );
}
