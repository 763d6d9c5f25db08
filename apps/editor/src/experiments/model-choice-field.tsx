import { Button, InputWrapper } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelPurpose } from '../api/models.ts';
import { type ModelChoice, ModelPicker } from '../models/model-picker.tsx';
import styles from './experiments.module.css';

type ModelChoiceFieldProps = {
  readonly label: string;
  readonly hint?: string;
  readonly purpose: ModelPurpose;
  readonly value: ModelChoice | null;
  readonly onChange: (value: ModelChoice | null) => void;
};

/** A model that may be left out. */
export function ModelChoiceField({ label, hint, purpose, value, onChange }: ModelChoiceFieldProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <InputWrapper label={label} description={hint} labelProps={{ htmlFor: id }}>
      <div className={styles.optional}>
        <ModelPicker id={id} purpose={purpose} chosen={value} invalid={false} onChoose={onChange} />
        {value !== null && (
          <Button variant="subtle" color="gray" onClick={() => onChange(null)}>
            {t('experiments.create.noModel')}
          </Button>
        )}
      </div>
    </InputWrapper>
  );
}
