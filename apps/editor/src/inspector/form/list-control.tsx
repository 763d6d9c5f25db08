import type { JsonValue } from '@kumiki/flow';
import { ActionIcon } from '@mantine/core';
import { Fragment, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocalised } from '../../i18n/use-localised.ts';
import { Icon } from '../../icons/icon.tsx';
import { FieldLabel } from './field-label.tsx';
import type { Field } from './read-fields.ts';
import type { CommonControl, SettingControl } from './setting-control.ts';
import styles from './settings-form.module.css';

type Entry = Readonly<Record<string, JsonValue>>;

type ListControlProps = SettingControl<'list'> & {
  readonly renderControl: (field: Field, common: CommonControl) => ReactNode;
};

/** A list as it is asked from the top: entries are added at the end, moved up, and removed. */
export function ListControl({ field, id, value, onChange, onLeave, renderControl }: ListControlProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const entries = readEntries(value ?? field.fallback);
  const setting = localise(field.title);
  const isFull = field.maximum !== null && entries.length >= field.maximum;
  const list = useRef<HTMLDivElement>(null);
  // Which entry gets the focus once it is drawn: who works by keys goes on where something changed.
  const [moved, setMoved] = useState<{ readonly place: number } | null>(null);
  useEffect(() => {
    if (moved === null) return;
    const target = list.current?.querySelectorAll('fieldset').item(moved.place) ?? list.current;
    target?.querySelector<HTMLElement>('input, textarea, button')?.focus();
  }, [moved]);
  /** A step of its own for undo, whatever was typed before and will be typed next. */
  const rearrange = (next: readonly Entry[], place: number) => {
    onLeave();
    onChange([...next]);
    onLeave();
    setMoved({ place });
  };
  const changeEntry = (place: number, changes: Readonly<Record<string, JsonValue | undefined>>) =>
    onChange(entries.map((entry, other) => (other === place ? mergeEntry(entry, changes) : entry)));
  const common = (entry: Entry, place: number, member: Field): CommonControl => ({
    id: `${id}-${place}-${member.name}`,
    value: entry[member.name],
    settings: entry,
    onChange: (next) => changeEntry(place, { [member.name]: next }),
    onChangeSeveral: (changes) => changeEntry(place, changes),
    onLeave,
    invalid: false,
  });

  return (
    <div ref={list} className={styles.list}>
      {entries.map((entry, place) => {
        const number = place + 1;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries have no names of their own, and their controls no state.
          <fieldset key={place} className={styles.entry} aria-label={t('inspector.list.entry', { setting, number })}>
            {field.fields.map((member) => (
              <Fragment key={member.name}>
                <FieldLabel id={`${id}-${place}-${member.name}`} field={member} />
                <div className={styles.member}>{renderControl(member, common(entry, place, member))}</div>
              </Fragment>
            ))}
            <div className={styles.entryActions}>
              {place > 0 && (
                <ActionIcon
                  size={18}
                  aria-label={t('inspector.list.moveUp', { setting, number })}
                  onClick={() => rearrange(swapWithPrevious(entries, place), place - 1)}
                >
                  <Icon name="chevron-up" size={11} />
                </ActionIcon>
              )}
              <ActionIcon
                size={18}
                aria-label={t('inspector.list.remove', { setting, number })}
                onClick={() => rearrange(entries.toSpliced(place, 1), Math.max(place - 1, 0))}
              >
                <Icon name="close" size={11} />
              </ActionIcon>
            </div>
          </fieldset>
        );
      })}
      <button
        type="button"
        id={id}
        className={styles.add}
        disabled={isFull}
        aria-label={t('inspector.list.add', { setting })}
        onClick={() => rearrange([...entries, makeEntry(field.fields)], entries.length)}
      >
        <Icon name="plus" size={11} />
        {t('inspector.list.add', { setting })}
      </button>
    </div>
  );
}

/** Texts that have to be filled in are there from the start, so that the form can say which of them is missing. */
function makeEntry(fields: readonly Field[]): Entry {
  return Object.fromEntries(fields.filter(({ required }) => required).map(({ name }) => [name, '']));
}

function mergeEntry(entry: Entry, changes: Readonly<Record<string, JsonValue | undefined>>): Entry {
  const merged: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries({ ...entry, ...changes })) if (value !== undefined) merged[name] = value;
  return merged;
}

function swapWithPrevious(entries: readonly Entry[], place: number): Entry[] {
  return entries.toSpliced(place - 1, 2, ...entries.slice(place - 1, place + 1).reverse());
}

/** What is no group of values counts for an empty one: a file may hold anything. */
function readEntries(value: JsonValue | undefined): readonly Entry[] {
  if (!Array.isArray(value)) return [];
  return value.map((entry) => (typeof entry === 'object' && entry !== null && !Array.isArray(entry) ? entry : {}));
}
