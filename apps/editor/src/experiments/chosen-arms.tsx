import { ActionIcon, TextInput } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../icons/icon.tsx';
import type { ChosenArm, ExperimentDraft } from './experiment-draft.ts';
import styles from './experiments.module.css';

type ChosenArmsProps = {
  readonly draft: Pick<ExperimentDraft, 'arms' | 'baseline'>;
  readonly onArms: (arms: readonly ChosenArm[]) => void;
  readonly onBaseline: (place: number) => void;
};

/** The arms with their names, and which of them the others are compared to. */
export function ChosenArms({ draft: { arms, baseline }, onArms, onBaseline }: ChosenArmsProps) {
  const { t } = useTranslation();
  const group = useId();
  if (arms.length === 0) return <p className={styles.hint}>{t('experiments.create.noArms')}</p>;
  const rename = (place: number, name: string) =>
    onArms(arms.map((arm, at) => (at === place ? { ...arm, name } : arm)));
  return (
    <fieldset className={styles.arms}>
      <legend>{t('experiments.create.chosen')}</legend>
      {arms.map(({ flow, flowName, version, build, output, name }, place) => (
        <div key={`${flow} ${version} ${build} ${output}`} className={styles.arm}>
          <label className={styles.radio} title={t('experiments.create.baselineOf', { name })}>
            <input
              type="radio"
              name={group}
              aria-label={t('experiments.create.baselineOf', { name })}
              checked={place === baseline}
              onChange={() => onBaseline(place)}
            />
            <span aria-hidden="true">{t('experiments.create.baseline')}</span>
          </label>
          <TextInput
            aria-label={t('experiments.create.armName', { output })}
            value={name}
            maxLength={120}
            onChange={(event) => rename(place, event.currentTarget.value)}
          />
          <span className={styles.hint}>
            {t('report.reproduce.flowValue', { name: flowName, version, build, output })}
          </span>
          <ActionIcon
            aria-label={t('experiments.create.remove', { name })}
            onClick={() => onArms(arms.filter((_, at) => at !== place))}
          >
            <Icon name="close" />
          </ActionIcon>
        </div>
      ))}
    </fieldset>
  );
}
