import { ActionIcon } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../icons/icon.tsx';
import styles from './pages.module.css';

type CopyBoxProps = { readonly text: string; readonly label: string; readonly multiline?: boolean };

/** A text to be copied whole. Where the browser does not allow it, it is selected instead. */
export function CopyBox({ text, label, multiline = false }: CopyBoxProps) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async (button: HTMLElement) => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      const box = button.parentElement?.querySelector('pre');
      if (box != null) getSelection()?.selectAllChildren(box);
    }
  };
  return (
    <div className={styles.copy} data-multiline={multiline || undefined}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line is scrolled by key */}
      <section className={styles.copied} tabIndex={0} aria-label={label}>
        <pre>{text}</pre>
      </section>
      <ActionIcon
        aria-label={copied ? t('common.copied') : t('common.copyNamed', { label })}
        title={copied ? t('common.copied') : t('common.copy')}
        onClick={(event) => void copy(event.currentTarget)}
        onBlur={() => setCopied(false)}
      >
        <Icon name={copied ? 'check' : 'copy'} />
      </ActionIcon>
      <span role="status" className={styles.hidden}>
        {copied ? t('common.copied') : ''}
      </span>
    </div>
  );
}
