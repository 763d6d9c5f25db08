import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import styles from './shortcuts-help.module.css';

/** All keys at a glance. */
export function ShortcutsHelp({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const groups = [
    [
      t('canvas.shortcuts.general'),
      [
        ['/', t('canvas.shortcuts.find')],
        ['Ctrl+Z', t('canvas.shortcuts.undo')],
        ['Ctrl+Shift+Z', t('canvas.shortcuts.redo')],
        ['Ctrl+S', t('canvas.shortcuts.save')],
        ['?', t('canvas.shortcuts.help')],
      ],
    ],
    [
      t('canvas.shortcuts.view'),
      [
        ['Shift', t('canvas.shortcuts.boxSelect')],
        ['+ / −', t('canvas.shortcuts.zoom')],
        ['1', t('canvas.shortcuts.fit')],
        ['Shift+L', t('canvas.shortcuts.tidyUp')],
      ],
    ],
    [
      t('canvas.shortcuts.selection'),
      [
        ['← ↑ → ↓', t('canvas.shortcuts.move')],
        ['N', t('canvas.shortcuts.next')],
        ['F2', t('canvas.shortcuts.rename')],
        ['Ctrl+D', t('canvas.shortcuts.duplicate')],
        ['Ctrl+C', t('canvas.shortcuts.copy')],
        ['Ctrl+V', t('canvas.shortcuts.paste')],
        ['Delete', t('canvas.shortcuts.delete')],
        ['Ctrl+A', t('canvas.shortcuts.selectAll')],
        ['Esc', t('canvas.shortcuts.escape')],
      ],
    ],
  ] as const;
  return (
    <Modal opened onClose={onClose} title={t('canvas.shortcuts.title')} size="lg">
      <div className={styles.groups}>
        {groups.map(([title, rows]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {rows.map(([keys, text]) => (
                <div key={keys}>
                  <dt>
                    <kbd>{keys}</kbd>
                  </dt>
                  <dd>{text}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
