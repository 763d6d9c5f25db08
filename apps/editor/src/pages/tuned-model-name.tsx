import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

type TunedModelNameProps = {
  readonly name: string;
  readonly onChange: (name: string) => void;
  /** What is wrong with it, where the server has said so. */
  readonly error?: string | null;
  readonly isFocused?: boolean;
};

/** The name under which a tuned model is kept, and flows ask for it. */
export function TunedModelName({ name, onChange, error = null, isFocused = false }: TunedModelNameProps) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t('tunedModels.name')}
      description={t('tunedModels.nameHint')}
      placeholder={t('tunedModels.nameExample')}
      value={name}
      maxLength={120}
      {...(isFocused && { 'data-autofocus': true })}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
