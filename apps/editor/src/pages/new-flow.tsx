import { type FlowDocument, type Problem, parseFlow } from '@kumiki/flow';
import { Button, Menu } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { emptyFlow, useCreateFlow } from '../api/flows.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { Icon } from '../icons/icon.tsx';
import { Dialog } from '../shell/dialog.tsx';
import { reportError } from '../shell/notices.ts';
import { useAppearance } from '../theme/appearance.ts';
import styles from './pages.module.css';
import { openTemplate } from './template.ts';

/** The three ways to a flow, in a menu. */
export function NewFlow() {
  const { t } = useTranslation();
  return (
    <MakeFlow>
      {(make) => (
        <Menu position="bottom-end" width={300}>
          <Menu.Target>
            <Button variant="filled" leftSection={<Icon name="plus" />}>
              {t('pages.flows.new')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {make.map(({ key, glyph, title, hint, run }) => (
              <Menu.Item key={key} leftSection={<Icon name={glyph} size={16} />} onClick={run}>
                <span className={styles.way}>
                  {title}
                  <small>{hint}</small>
                </span>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </MakeFlow>
  );
}

/** The same as cards, where there is no flow yet. */
export function NewFlowChoices() {
  return (
    <MakeFlow>
      {(make) =>
        make.map(({ key, glyph, title, hint, run }) => (
          <button key={key} type="button" className={styles.card} onClick={run}>
            <Icon name={glyph} size={20} />
            <b>{title}</b>
            <small>{hint}</small>
          </button>
        ))
      }
    </MakeFlow>
  );
}

type Way = {
  readonly key: 'template' | 'empty' | 'import';
  readonly glyph: 'tidy-up' | 'plus' | 'load';
  readonly title: string;
  readonly hint: string;
  readonly run: () => void;
};

function MakeFlow({ children }: { readonly children: (ways: readonly Way[]) => ReactNode }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const language = useAppearance((appearance) => appearance.language);
  const create = useCreateFlow();
  const input = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState<{ readonly file: string; readonly problems: readonly Problem[] } | null>(null);
  const open = async (document: FlowDocument) => {
    try {
      const { id } = await create.mutateAsync(document);
      await navigate({ to: '/flows/$flowId', params: { flowId: id } });
    } catch (error) {
      reportError(error);
    }
  };
  const importFile = async (file: File) => {
    const { document, problems } = parseFlow(await file.text());
    if (document === null) setRefused({ file: file.name, problems });
    else await open(document);
  };
  const ways: readonly Way[] = [
    {
      key: 'template',
      glyph: 'tidy-up',
      title: t('pages.flows.template'),
      hint: t('pages.flows.templateHint'),
      run: () => void openTemplate(language).then(open).catch(reportError),
    },
    {
      key: 'empty',
      glyph: 'plus',
      title: t('pages.flows.empty'),
      hint: t('pages.flows.emptyHint'),
      run: () => void open(emptyFlow(t('pages.flows.untitled'))),
    },
    {
      key: 'import',
      glyph: 'load',
      title: t('pages.flows.import'),
      hint: t('pages.flows.importHint'),
      run: () => input.current?.click(),
    },
  ];
  return (
    <>
      {children(ways)}
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        hidden
        aria-label={t('pages.flows.import')}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file !== undefined) void importFile(file).catch(reportError);
        }}
      />
      {refused !== null && <RefusedFile {...refused} onClose={() => setRefused(null)} />}
    </>
  );
}

type RefusedFileProps = {
  readonly file: string;
  readonly problems: readonly Problem[];
  readonly onClose: () => void;
};

/** Why a file is no flow, in all its places. */
function RefusedFile({ file, problems, onClose }: RefusedFileProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  return (
    <Dialog onClose={onClose} title={t('pages.flows.importFailed', { file })} size={560}>
      <ul className={styles.refusals}>
        {problems.map(({ path, message }) => (
          <li key={`${path} ${message.en}`}>
            {path !== '' && <code>{path}</code>}
            <p>{localise(message)}</p>
          </li>
        ))}
      </ul>
      <div className={styles.dialogActions}>
        <Button onClick={onClose}>{t('common.close')}</Button>
      </div>
    </Dialog>
  );
}
