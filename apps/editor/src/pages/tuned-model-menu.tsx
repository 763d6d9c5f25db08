import { Menu } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { describeError } from '../api/problem.ts';
import { downloadAddress, type TunedModel, useDeleteTunedModel, useRenameTunedModel } from '../api/tuned-models.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { Dialog } from '../shell/dialog.tsx';
import { FormActions } from './form-actions.tsx';
import styles from './pages.module.css';
import { RowMenu } from './row-menu.tsx';
import { TunedModelName } from './tuned-model-name.tsx';
import { nameTunedModel } from './tuned-models-page.tsx';

/** What can be done to a tuned model from the list. */
export function TunedModelMenu({ model, onDeleted }: { readonly model: TunedModel; readonly onDeleted?: () => void }) {
  const { t } = useTranslation();
  const remove = useDeleteTunedModel();
  const [isNaming, setIsNaming] = useState(false);
  const name = nameTunedModel(model);
  return (
    <>
      <RowMenu
        name={name}
        deletion={{
          title: t('tunedModels.delete', { name }),
          text: t('tunedModels.deleteText'),
          run: async () => {
            await remove.mutateAsync(model.id);
            onDeleted?.();
          },
        }}
      >
        <Menu.Item onClick={() => setIsNaming(true)}>
          {model.name === null ? t('tunedModels.rename') : t('common.rename')}
        </Menu.Item>
        <Menu.Item component="a" href={downloadAddress(model.id, 'peft')} download>
          {t('tunedModels.download.title')} · {t('tunedModels.download.peft')}
        </Menu.Item>
      </RowMenu>
      {isNaming && <NameDialog model={model} onClose={() => setIsNaming(false)} />}
    </>
  );
}

function NameDialog({ model, onClose }: { readonly model: TunedModel; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const rename = useRenameTunedModel();
  const [name, setName] = useState(model.name ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') rename.mutate({ id: model.id, name: name.trim() }, { onSuccess: onClose });
  };
  return (
    <Dialog onClose={onClose} title={t('tunedModels.renameTitle')} size={420}>
      <form onSubmit={submit} className={styles.form}>
        <TunedModelName
          name={name}
          isFocused
          error={rename.error === null ? null : localise(describeError(rename.error))}
          onChange={setName}
        />
        <FormActions
          submit={t('common.save')}
          isWorking={rename.isPending}
          isDisabled={name.trim() === ''}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}
