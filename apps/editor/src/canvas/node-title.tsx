import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFlowActions } from '../flow/flow-context.tsx';
import { useCanvas, useCanvasStore } from './canvas-context.tsx';
import styles from './flow-node.module.css';

type NodeTitleProps = {
  readonly id: string;
  /** What is shown: its own title, else the name of its type. */
  readonly title: string;
  readonly own: string;
};

/** The title; a double click or F2 edits it in its place. */
export function NodeTitle({ id, title, own }: NodeTitleProps) {
  const isEdited = useCanvas(({ renaming }) => renaming === id);
  const store = useCanvasStore();
  if (isEdited) return <TitleField id={id} title={title} own={own} />;
  return (
    <h3 className={styles.title} title={title} onDoubleClick={() => store.setState({ renaming: id })}>
      {title}
    </h3>
  );
}

function TitleField({ id, title, own }: NodeTitleProps) {
  const { t } = useTranslation();
  const store = useCanvasStore();
  const { renameNode } = useFlowActions();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    event.stopPropagation();
    if (event.nativeEvent.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    if (event.key === 'Escape') event.currentTarget.value = own;
    event.currentTarget.blur();
  };

  return (
    <input
      ref={field}
      className={`${styles.titleField} nodrag`}
      aria-label={t('common.rename')}
      defaultValue={own === '' ? title : own}
      maxLength={120}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        const value = event.target.value.trim();
        renameNode(id, own === '' && value === title ? '' : value);
        store.setState({ renaming: null });
      }}
    />
  );
}
