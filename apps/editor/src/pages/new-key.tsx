import { Button, Checkbox, MultiSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { endpointsQuery, useCreateKey } from '../api/endpoints.ts';
import { Dialog } from '../shell/dialog.tsx';
import { CopyBox } from './copy-box.tsx';
import { FormActions } from './form-actions.tsx';
import styles from './pages.module.css';

const scopes = ['v1', 'api'] as const;

/** Makes a key, then shows its value once. */
export function NewKey({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const create = useCreateKey();
  const { data: endpoints } = useQuery(endpointsQuery);
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>(['v1']);
  const [slugs, setSlugs] = useState<string[]>([]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({
      name: name.trim(),
      scopes: scopes.filter((scope) => chosen.includes(scope)),
      endpoints: slugs.length === 0 ? null : slugs,
    });
  };
  if (create.data !== undefined) {
    return (
      <Dialog onClose={onClose} title={t('pages.keys.created')} size={520} closesByClick={false}>
        <div className={styles.form}>
          <CopyBox text={create.data.key} label={create.data.name} />
          <p className={styles.notice}>{t('pages.keys.once')}</p>
          <div className={styles.dialogActions}>
            <Button variant="filled" onClick={onClose}>
              {t('pages.keys.copied')}
            </Button>
          </div>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog onClose={onClose} title={t('pages.keys.new')} size={440}>
      <form onSubmit={submit} className={styles.form}>
        <TextInput
          label={t('pages.keys.name')}
          placeholder={t('pages.keys.nameExample')}
          value={name}
          maxLength={120}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox.Group label={t('pages.keys.scopes')} value={[...chosen]} onChange={setChosen}>
          <div className={styles.checks}>
            {scopes.map((scope) => (
              <Checkbox key={scope} size="xs" value={scope} label={t(`pages.keys.scope.${scope}`)} />
            ))}
          </div>
        </Checkbox.Group>
        {chosen.includes('v1') && (endpoints?.length ?? 0) > 0 && (
          <MultiSelect
            label={t('pages.keys.endpoints')}
            placeholder={slugs.length === 0 ? t('pages.keys.all') : ''}
            data={endpoints?.map(({ slug }) => slug) ?? []}
            value={slugs}
            onChange={setSlugs}
          />
        )}
        <FormActions
          submit={t('pages.keys.create')}
          isWorking={create.isPending}
          isDisabled={name.trim() === '' || chosen.length === 0}
          error={create.error}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}
