import { secretNamePattern } from '@kumiki/flow';
import { PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { secretsQuery, useSaveSecret } from '../api/secrets.ts';
import { FormActions } from '../pages/form-actions.tsx';
import pages from '../pages/pages.module.css';
import { Dialog } from '../shell/dialog.tsx';

type SecretDialogProps = {
  /** The secret whose value is to be replaced; null: a new one. */
  readonly replaced: string | null;
  /** What a new one may well be called. */
  readonly suggested?: string;
  readonly onClose: () => void;
  readonly onSaved?: (name: string) => void;
};

/** Writes the value of a secret, which is not shown again. */
export function SecretDialog({ replaced, suggested = '', onClose, onSaved }: SecretDialogProps) {
  const { t } = useTranslation();
  const save = useSaveSecret();
  const { data: secrets } = useQuery(secretsQuery);
  const [name, setName] = useState(replaced ?? suggested);
  const [value, setValue] = useState('');
  const isInvalid = name !== '' && !secretNamePattern.test(name);
  const isTaken = replaced === null && secrets?.some((secret) => secret.name === name) === true;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      { name, value },
      {
        onSuccess: () => {
          onSaved?.(name);
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      onClose={onClose}
      title={replaced === null ? t('secrets.new') : t('secrets.replaceTitle', { name: replaced })}
      size={440}
    >
      <form onSubmit={submit} className={pages.form}>
        {replaced === null && (
          <TextInput
            label={t('secrets.name')}
            description={t('secrets.nameHint')}
            placeholder={t('secrets.nameExample')}
            value={name}
            spellCheck={false}
            autoComplete="off"
            data-autofocus
            error={isInvalid ? t('secrets.nameInvalid') : null}
            onChange={(event) => setName(event.currentTarget.value.trim())}
          />
        )}
        {isTaken && (
          <p className={pages.notice} role="status">
            {t('secrets.taken')}
          </p>
        )}
        <PasswordInput
          label={t('secrets.value')}
          description={t('secrets.valueHint')}
          autoComplete="new-password"
          maxLength={10_000}
          value={value}
          data-autofocus={replaced !== null || undefined}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <FormActions
          submit={replaced !== null || isTaken ? t('secrets.replace') : t('common.save')}
          isWorking={save.isPending}
          isDisabled={name === '' || isInvalid || value === ''}
          error={save.error}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}
