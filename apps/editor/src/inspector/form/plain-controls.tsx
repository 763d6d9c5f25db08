import type { JsonValue } from '@kumiki/flow';
import { NumberInput, SegmentedControl, Select, Slider, Switch, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../../i18n/format.ts';
import { useLocalised } from '../../i18n/use-localised.ts';
import { useAppearance } from '../../theme/appearance.ts';
import type { SettingControl } from './setting-control.ts';
import styles from './settings-form.module.css';

export function TextControl({ field, id, value, onChange, onLeave, invalid }: SettingControl<'text'>) {
  return (
    <TextInput
      id={id}
      className={styles.wide ?? ''}
      value={readText(value, '')}
      placeholder={readText(field.fallback, '')}
      error={invalid}
      onChange={(event) => onChange(giveText(event.currentTarget.value, field.fallback))}
      onBlur={onLeave}
    />
  );
}

export function LongTextControl({ field, id, value, onChange, onLeave, invalid }: SettingControl<'long-text'>) {
  return (
    <Textarea
      id={id}
      className={styles.wide ?? ''}
      classNames={{ input: styles.area ?? '' }}
      rows={3}
      value={readText(value, '')}
      placeholder={readText(field.fallback, '')}
      error={invalid}
      onChange={(event) => onChange(giveText(event.currentTarget.value, field.fallback))}
      onBlur={onLeave}
    />
  );
}

/** Shows the bounds beside the field, where they are such that a person may want to know them. */
export function NumberControl({ field, id, value, onChange, onLeave, invalid }: SettingControl<'number'>) {
  const language = useAppearance((appearance) => appearance.language);
  const { minimum, maximum } = field;
  return (
    <>
      <NumberInput
        id={id}
        className={styles.number ?? ''}
        value={typeof value === 'number' ? value : ''}
        placeholder={typeof field.fallback === 'number' ? String(field.fallback) : ''}
        {...(minimum === null ? {} : { min: minimum })}
        {...(maximum === null ? {} : { max: maximum })}
        step={field.step}
        startValue={typeof field.fallback === 'number' ? field.fallback : (minimum ?? 0)}
        allowDecimal={!field.integer}
        clampBehavior="none"
        error={invalid}
        onChange={(entered) => onChange(typeof entered === 'number' ? entered : undefined)}
        onBlur={onLeave}
      />
      {minimum !== null && maximum !== null && maximum < 1_000_000 && (
        <span className={styles.bounds}>
          {formatCount(minimum, language)}–{formatCount(maximum, language)}
        </span>
      )}
    </>
  );
}

export function SliderControl({ field, id, value, onChange, onLeave }: SettingControl<'slider'>) {
  const localise = useLocalised();
  const shown = typeof value === 'number' ? value : typeof field.fallback === 'number' ? field.fallback : field.minimum;
  return (
    <>
      <Slider
        className={styles.slider ?? ''}
        classNames={{ track: styles.track ?? '', bar: styles.bar ?? '', thumb: styles.thumb ?? '' }}
        min={field.minimum}
        max={field.maximum}
        step={field.step}
        label={null}
        value={shown}
        thumbLabel={localise(field.title)}
        thumbProps={{ id }}
        onChange={onChange}
        onChangeEnd={onLeave}
      />
      <output className={styles.figure} data-default={value === undefined || undefined}>
        {field.integer ? shown : formatShare(shown)}
      </output>
    </>
  );
}

/** Two digits, and a third where the value has one, as a threshold may. */
function formatShare(value: number): string {
  return value.toFixed(3).replace(/0$/, '');
}

/** Few short names stand side by side, more are a list. */
export function ChoiceControl({ field, id, value, onChange, invalid }: SettingControl<'choice'>) {
  const localise = useLocalised();
  const data = field.options.map((option) => ({ value: option.value, label: localise(option.label) }));
  const chosen = readText(value, readText(field.fallback, ''));
  const length = data.reduce((sum, { label }) => sum + measureLabel(label), 0);
  if (data.length <= 3 && length <= 22) {
    return (
      <SegmentedControl
        id={id}
        className={styles.segments ?? ''}
        data={data}
        value={chosen}
        aria-label={localise(field.title)}
        onChange={onChange}
      />
    );
  }
  return (
    <Select
      id={id}
      className={styles.wide ?? ''}
      data={data}
      value={chosen === '' ? null : chosen}
      allowDeselect={false}
      error={invalid}
      comboboxProps={{ shadow: 'md' }}
      onChange={(entered) => entered !== null && onChange(entered)}
    />
  );
}

/** A Japanese character is about as wide as two Latin ones. */
function measureLabel(label: string): number {
  return [...label].reduce((sum, character) => sum + (character > '\u2e80' ? 2 : 1), 0);
}

export function SwitchControl({ field, id, value, onChange }: SettingControl<'switch'>) {
  const { t } = useTranslation();
  const on = typeof value === 'boolean' ? value : field.fallback === true;
  return (
    <Switch
      id={id}
      size="xs"
      checked={on}
      label={on ? t('inspector.on') : t('inspector.off')}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}

/** The text as it is typed stays here until it is JSON. */
export function JsonControl({ field, id, value, onChange, onLeave, invalid }: SettingControl<'json'>) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<string | null>(null);
  const shown = draft ?? (value === undefined ? '' : JSON.stringify(value, null, 2));
  return (
    <Textarea
      id={id}
      className={styles.wide ?? ''}
      classNames={{ input: `${styles.area} ${styles.code}` }}
      rows={4}
      value={shown}
      placeholder={field.fallback === undefined ? '' : JSON.stringify(field.fallback)}
      error={draft === null ? invalid : t('inspector.notJson')}
      onChange={(event) => {
        const entered = event.currentTarget.value;
        const parsed = parseJson(entered);
        setDraft(parsed.valid ? null : entered);
        if (parsed.valid) onChange(parsed.value);
      }}
      onBlur={onLeave}
    />
  );
}

function parseJson(text: string): { valid: true; value: JsonValue | undefined } | { valid: false } {
  if (text.trim() === '') return { valid: true, value: undefined };
  try {
    // JSON.parse gives JSON values only.
    return { valid: true, value: JSON.parse(text) as JsonValue };
  } catch {
    return { valid: false };
  }
}

function readText(value: JsonValue | undefined, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

/** An emptied field gives the setting back to its default, unless the default is a text: then empty is meant. */
function giveText(entered: string, fallback: JsonValue | undefined): string | undefined {
  const emptyMeansDefault = fallback === undefined || fallback === '';
  return entered === '' && emptyMeansDefault ? undefined : entered;
}
