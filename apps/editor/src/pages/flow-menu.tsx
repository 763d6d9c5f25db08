import type { Schemas } from '@kumiki/client';
import { type FlowDocument, formatFlow } from '@kumiki/flow';
import { Menu } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { client } from '../api/client.ts';
import { useCreateFlow, useDeleteFlow } from '../api/flows.ts';
import { unwrap } from '../api/problem.ts';
import { reportError } from '../shell/notices.ts';
import { RowMenu } from './row-menu.tsx';
import { saveTextFile } from './save-text-file.ts';

/** What can be done to a flow from the list. */
export function FlowMenu({ flow }: { readonly flow: Schemas['FlowSummary'] }) {
  const { t } = useTranslation();
  const create = useCreateFlow();
  const remove = useDeleteFlow();
  const readDocument = async (): Promise<FlowDocument> => {
    const { document } = await unwrap(client.GET('/api/flows/{id}', { params: { path: { id: flow.id } } }));
    // The server has read it with the schema of packages/flow before it kept it.
    return document as FlowDocument;
  };
  const duplicate = async () => {
    const document = await readDocument();
    await create.mutateAsync({ ...document, name: t('pages.flows.copyName', { name: flow.name }).slice(0, 120) });
  };
  const exportFile = async () => saveTextFile(`${flow.name}.flow.json`, formatFlow(await readDocument()));
  return (
    <RowMenu
      name={flow.name}
      deletion={{
        title: t('pages.flows.delete', { name: flow.name }),
        text: t('pages.flows.deleteText'),
        run: () => remove.mutateAsync(flow.id),
      }}
    >
      <Menu.Item onClick={() => void duplicate().catch(reportError)}>{t('common.duplicate')}</Menu.Item>
      <Menu.Item onClick={() => void exportFile().catch(reportError)}>{t('pages.flows.export')}</Menu.Item>
    </RowMenu>
  );
}
