import { Button, Modal } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { createFlow, flowQuery } from '../api/flows.ts';
import { queryClient } from '../api/query-client.ts';
import { useFlow, useOpenFlow } from '../flow/flow-context.tsx';
import styles from './conflict-dialog.module.css';
import { reportError } from './notices.ts';

/** Somebody else saved first: which of the two stays, or both. */
export function ConflictDialog() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { flow, autosave } = useOpenFlow();
  const conflict = useFlow((state) => state.save.state === 'conflict');

  const readServer = () => queryClient.fetchQuery({ ...flowQuery(flow.getState().id), staleTime: 0 });
  const reload = async () => {
    const { document, revision } = await readServer();
    flow.getState().replace(document, revision);
  };
  const overwrite = async () => {
    const { revision } = await readServer();
    flow.getState().adoptRevision(revision);
    await autosave.flush();
  };
  const saveCopy = async () => {
    const { document } = flow.getState();
    const { id } = await createFlow({ ...document, name: t('shell.conflict.copyName', { name: document.name }) });
    await reload();
    await navigate({ to: '/flows/$flowId', params: { flowId: id } });
  };

  return (
    <Modal
      opened={conflict}
      onClose={() => undefined}
      withCloseButton={false}
      size={500}
      title={t('shell.conflict.title')}
    >
      <p className={styles.text}>{t('shell.conflict.text')}</p>
      <div className={styles.choices}>
        <Choice hint={t('shell.conflict.copyHint')} choose={saveCopy}>
          {t('shell.conflict.copy')}
        </Choice>
        <Choice hint={t('shell.conflict.reloadHint')} choose={reload}>
          {t('shell.conflict.reload')}
        </Choice>
        <Choice hint={t('shell.conflict.overwriteHint')} choose={overwrite}>
          {t('shell.conflict.overwrite')}
        </Choice>
      </div>
    </Modal>
  );
}

type ChoiceProps = { readonly hint: string; readonly choose: () => Promise<void>; readonly children: ReactNode };

function Choice({ hint, choose, children }: ChoiceProps) {
  return (
    <div className={styles.choice}>
      <Button onClick={() => void choose().catch(reportError)}>{children}</Button>
      <span>{hint}</span>
    </div>
  );
}
