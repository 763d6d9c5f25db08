import type { BindingTime, FlowNode, NodeTypeDescription } from '@kumiki/flow';
import { ActionIcon, Button, Menu } from '@mantine/core';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDerivedFlow, useFlowActions } from '../flow/flow-context.tsx';
import { useLocalised } from '../i18n/use-localised.ts';
import { type GlyphName, glyphs } from '../icons/glyphs.ts';
import { Icon } from '../icons/icon.tsx';
import { reportError } from '../shell/notices.ts';
import styles from './inspector.module.css';
import { useRunFrom } from './use-run-from.ts';

type NodeHeadProps = {
  readonly id: string;
  readonly node: FlowNode;
  readonly description: NodeTypeDescription | null;
  readonly time: BindingTime;
};

/** What the node is called and what it is; the way to run it alone. */
export function NodeHead({ id, node, description, time }: NodeHeadProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const { problemsByNode } = useDerivedFlow();
  const { duplicateSelection, deleteSelection } = useFlowActions();
  const runFrom = useRunFrom();
  const glyph = description === null ? 'unknown' : familyGlyph(description.family);
  const hasErrors = problemsByNode.get(id)?.some(({ severity }) => severity === 'error') ?? false;
  const hint = description === null ? '' : localise(description.description);
  return (
    <header className={styles.head}>
      <span className={styles.tile} data-time={time} title={hint}>
        <Icon name={glyph} size={16} />
      </span>
      <div className={styles.names}>
        <TitleField id={id} node={node} typeTitle={description === null ? node.type : localise(description.title)} />
        <p title={hint}>{node.type}</p>
      </div>
      {description !== null && (
        <Button
          className={styles.run ?? ''}
          leftSection={<Icon name="play" size={12} />}
          disabled={hasErrors}
          title={t('inspector.runFromHereHint')}
          onClick={() => void runFrom(id).catch(reportError)}
        >
          {t('inspector.runFromHere')}
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={t('inspector.actions')}>
            <Icon name="more" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={duplicateSelection}>{t('common.duplicate')}</Menu.Item>
          <Menu.Item color="var(--state-failed)" onClick={deleteSelection}>
            {t('common.delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </header>
  );
}

function familyGlyph(family: NodeTypeDescription['family']): GlyphName {
  return family in glyphs ? family : 'unknown';
}

type TitleFieldProps = { readonly id: string; readonly node: FlowNode; readonly typeTitle: string };

/** Empty gives the name of the type back. What is typed counts when the field is left or Enter is pressed. */
function TitleField({ id, node, typeTitle }: TitleFieldProps) {
  const { t } = useTranslation();
  const { renameNode, endTyping } = useFlowActions();
  const title = node.title ?? '';
  const [draft, setDraft] = useState(title);
  useEffect(() => setDraft(title), [title]);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    event.stopPropagation();
    if (event.nativeEvent.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    if (event.key === 'Escape') setDraft(title);
    const field = event.currentTarget;
    requestAnimationFrame(() => field.blur());
  };
  return (
    <input
      className={styles.title}
      aria-label={t('inspector.title')}
      value={draft}
      placeholder={typeTitle}
      maxLength={120}
      onChange={(event) => setDraft(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={() => {
        const wanted = draft.trim();
        renameNode(id, wanted === typeTitle ? '' : wanted);
        endTyping();
      }}
    />
  );
}
