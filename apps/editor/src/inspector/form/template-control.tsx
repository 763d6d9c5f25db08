import { readTemplateVariables } from '@kumiki/flow';
import { Textarea } from '@mantine/core';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useDerivedFlow, useFlow } from '../../flow/flow-context.tsx';
import type { SettingControl } from './setting-control.ts';
import styles from './settings-form.module.css';
import { suggestVariables } from './suggest-variables.ts';

/** A template with the variables that it has, and those that it could have, as chips that put themselves in. */
export function TemplateControl({ field, id, value, onChange, onLeave, invalid }: SettingControl<'template'>) {
  const { t } = useTranslation();
  const area = useRef<HTMLTextAreaElement>(null);
  const { graph } = useDerivedFlow();
  const document = useFlow((state) => state.document);
  const text = typeof value === 'string' ? value : typeof field.fallback === 'string' ? field.fallback : '';
  const used = readTemplateVariables(text);
  const suggested = suggestVariables(document, graph).filter((name) => !used.includes(name));

  const insert = (name: string) => {
    const input = area.current;
    const start = input?.selectionStart ?? text.length;
    const end = input?.selectionEnd ?? text.length;
    const variable = `{{${name}}}`;
    onChange(text.slice(0, start) + variable + text.slice(end));
    requestAnimationFrame(() => {
      input?.focus();
      input?.setSelectionRange(start + variable.length, start + variable.length);
    });
  };

  return (
    <div className={styles.template}>
      <Textarea
        ref={area}
        id={id}
        classNames={{ input: styles.area ?? '' }}
        rows={5}
        value={text}
        error={invalid}
        onChange={(event) => onChange(event.currentTarget.value)}
        onBlur={onLeave}
      />
      <div className={styles.variables}>
        {used.map((name) => (
          <button
            key={name}
            type="button"
            className={styles.variable}
            data-used
            title={t('inspector.insertVariable', { name })}
            onClick={() => insert(name)}
          >
            {`{{${name}}}`}
          </button>
        ))}
        {suggested.map((name) => (
          <button
            key={name}
            type="button"
            className={styles.variable}
            title={t('inspector.insertVariable', { name })}
            onClick={() => insert(name)}
          >
            + {`{{${name}}}`}
          </button>
        ))}
      </div>
    </div>
  );
}
