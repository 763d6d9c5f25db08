import { Tooltip } from '@mantine/core';
import { useLayoutEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocalised } from '../../i18n/use-localised.ts';
import type { Field } from './read-fields.ts';
import styles from './settings-form.module.css';

/** The label tells its description when it is pointed at; readers hear it with the control, or a problem instead. */
export function FieldLabel({
  id,
  field,
  problemId = null,
}: {
  /** Of the control. */
  readonly id: string;
  readonly field: Field;
  readonly problemId?: string | null;
}) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const helpId = `${id}-help`;
  const describedBy = problemId ?? (field.description === null ? null : helpId);
  // Mantine's inputs write their own description over one that is passed to them.
  useLayoutEffect(() => {
    const control = document.getElementById(id);
    if (describedBy === null) control?.removeAttribute('aria-describedby');
    else control?.setAttribute('aria-describedby', describedBy);
  }, [id, describedBy]);
  const label = (
    <label htmlFor={id} data-helped={field.description !== null || undefined}>
      {localise(field.title)}
      {field.required && <span className={styles.required}>{t('nodes.required')}</span>}
    </label>
  );
  if (field.description === null) return label;
  return (
    <>
      <Tooltip label={localise(field.description)} position="bottom-start">
        {label}
      </Tooltip>
      <span id={helpId} className={styles.hidden}>
        {localise(field.description)}
      </span>
    </>
  );
}
