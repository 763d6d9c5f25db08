import { Button, FileButton, InputWrapper } from '@mantine/core';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useUploadTunedModel } from '../api/tuned-models.ts';
import { formatBytes } from '../i18n/format.ts';
import { type ModelChoice, ModelPicker } from '../models/model-picker.tsx';
import { Dialog } from '../shell/dialog.tsx';
import { useAppearance } from '../theme/appearance.ts';
import { FormActions } from './form-actions.tsx';
import styles from './pages.module.css';
import { TunedModelName } from './tuned-model-name.tsx';

/** Brings along a tuned model that was made elsewhere. Closing the dialog stops it. */
export function UploadTunedModel({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const upload = useUploadTunedModel();
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState('');
  const [base, setBase] = useState<ModelChoice | null>(null);
  const [sent, setSent] = useState(0);
  const baseId = useId();
  const aborter = useRef(new AbortController());
  useEffect(() => {
    const { current } = aborter;
    return () => current.abort();
  }, []);
  const choose = (chosen: File | null) => {
    setFile(chosen);
    if (chosen !== null && name === '') setName(chosen.name.replace(/\.zip$/i, '').slice(0, 120));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (file === null || base === null || name.trim() === '') return;
    const { signal } = aborter.current;
    upload.mutate({ name: name.trim(), base, file, onProgress: setSent, signal }, { onSuccess: onClose });
  };
  return (
    <Dialog onClose={onClose} title={t('tunedModels.upload.title')} size={480} closesByClick={!upload.isPending}>
      <form onSubmit={submit} className={styles.form}>
        <InputWrapper label={t('tunedModels.upload.file')} description={t('tunedModels.upload.fileHint')}>
          <div className={styles.chosenFile}>
            <FileButton accept=".zip,application/zip" onChange={choose}>
              {(props) => <Button {...props}>{t('tunedModels.upload.choose')}</Button>}
            </FileButton>
            {file !== null && (
              <span>
                {file.name} <small>{formatBytes(file.size, language)}</small>
              </span>
            )}
          </div>
        </InputWrapper>
        <TunedModelName name={name} onChange={setName} />
        <InputWrapper
          label={t('tunedModels.upload.base')}
          description={t('tunedModels.upload.baseHint')}
          labelProps={{ htmlFor: baseId }}
        >
          <ModelPicker id={baseId} purpose="chat" chosen={base} invalid={false} onChoose={setBase} />
        </InputWrapper>
        {upload.isPending && (
          <p className={styles.dim} role="status">
            {t('tunedModels.upload.sending', { percent: Math.floor(sent * 100) })}
          </p>
        )}
        <FormActions
          submit={t('tunedModels.upload.button')}
          isWorking={upload.isPending}
          isDisabled={file === null || base === null || name.trim() === ''}
          error={upload.error}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}
