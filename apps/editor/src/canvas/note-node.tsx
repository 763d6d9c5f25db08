import { type NodeProps, NodeResizer } from '@xyflow/react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFlow, useFlowActions } from '../flow/flow-context.tsx';
import styles from './note-node.module.css';

/** A sheet of paper beside the drawing. It is written on where it lies. */
export const NoteNode = memo(function NoteNode({ id, selected }: NodeProps) {
  const { t } = useTranslation();
  const note = useFlow(({ document }) => document.notes.find((one) => one.id === id));
  const { changeNote, resizeNote, endTyping } = useFlowActions();
  if (note === undefined) return null;
  return (
    <div className={styles.note} data-selected={selected === true || undefined}>
      <NodeResizer
        isVisible={selected === true}
        minWidth={96}
        minHeight={48}
        onResizeEnd={(_, { width, height }) => resizeNote(id, { width: Math.round(width), height: Math.round(height) })}
      />
      <textarea
        className="nowheel"
        aria-label={t('canvas.note')}
        placeholder={t('canvas.notePlaceholder')}
        maxLength={10_000}
        value={note.text}
        onChange={(event) => changeNote(id, event.target.value)}
        onBlur={endTyping}
      />
    </div>
  );
});
