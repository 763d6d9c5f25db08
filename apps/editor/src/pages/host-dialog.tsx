import { PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type HostInput, type ModelHost, useSaveHost } from '../api/models.ts';
import { Dialog } from '../shell/dialog.tsx';
import { FormActions } from './form-actions.tsx';
import styles from './pages.module.css';

type HostDialogProps = {
  /** Null: a new one. */
  readonly host: ModelHost | null;
  readonly onClose: () => void;
};

const addresses: Readonly<Record<HostInput['kind'], string>> = {
  ollama: 'http://127.0.0.1:11434',
  'openai-compatible': 'http://127.0.0.1:8000/v1',
};

/** Adds a host by its address, or changes one. */
export function HostDialog({ host, onClose }: HostDialogProps) {
  const { t } = useTranslation();
  const save = useSaveHost();
  const [kind, setKind] = useState<HostInput['kind']>(
    host === null || host.kind === 'embedded' ? 'openai-compatible' : host.kind,
  );
  const [name, setName] = useState(host?.name ?? '');
  const [address, setAddress] = useState(host?.address ?? '');
  const [key, setKey] = useState('');
  // The server sends a key nowhere but where it was meant for: with a new address it is given anew, or taken away.
  const isMoved = host?.hasKey === true && address.trim() !== host.address;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const input = { kind, name: name.trim(), address: address.trim(), ...(key === '' && !isMoved ? {} : { key }) };
    save.mutate({ id: host?.id ?? null, host: input }, { onSuccess: onClose });
  };
  return (
    <Dialog onClose={onClose} title={host === null ? t('models.addHost') : t('models.changeHost')} size={460}>
      <form onSubmit={submit} className={styles.form}>
        <SegmentedControl
          aria-label={t('models.hostKind')}
          data={(['openai-compatible', 'ollama'] as const).map((value) => ({
            value,
            label: t(`models.kind.${value}`),
          }))}
          value={kind}
          onChange={(value) => setKind(value === 'ollama' ? 'ollama' : 'openai-compatible')}
        />
        <TextInput
          label={t('models.hostName')}
          placeholder={t('models.hostNameExample')}
          value={name}
          maxLength={120}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t('models.address')}
          placeholder={addresses[kind]}
          type="url"
          value={address}
          spellCheck={false}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('models.key')}
          description={t(isMoved ? 'models.newKey' : host?.hasKey === true ? 'models.keepKey' : 'models.keyHint')}
          autoComplete="off"
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <FormActions
          submit={t('common.save')}
          isWorking={save.isPending}
          isDisabled={name.trim() === '' || address.trim() === ''}
          error={save.error}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}
