import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useFlow, useFlowActions } from '../flow/flow-context.tsx';
import styles from './top-bar.module.css';

/** The flow's name, edited in place: Enter takes it, Escape gives the old one back. */
export function FlowName() {
  const { t } = useTranslation();
  const name = useFlow((state) => state.document.name);
  const { renameFlow } = useFlowActions();

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    if (event.key === 'Escape') event.currentTarget.value = name;
    event.currentTarget.blur();
  };

  return (
    <input
      key={name}
      className={styles.name}
      aria-label={t('shell.flowName')}
      maxLength={120}
      defaultValue={name}
      onBlur={(event) => {
        if (event.target.value.trim() === '') event.target.value = name;
        else renameFlow(event.target.value);
      }}
      onKeyDown={onKeyDown}
    />
  );
}
