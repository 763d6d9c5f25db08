import type { JsonValue } from '@kumiki/flow';
import type { Field, FieldControl } from './read-fields.ts';

type Settings = Readonly<Record<string, JsonValue>>;

/** What every control of a setting gets. */
export type SettingControl<Kind extends FieldControl['control']> = {
  readonly field: Extract<Field, { readonly control: Kind }>;
  /** Of the input, for its label. */
  readonly id: string;
  /** Undefined where the setting is absent, so that the fallback holds. */
  readonly value: JsonValue | undefined;
  readonly settings: Settings;
  readonly onChange: (value: JsonValue | undefined) => void;
  /** For a control that sets several settings in one step. */
  readonly onChangeSeveral: (changes: Readonly<Record<string, JsonValue | undefined>>) => void;
  readonly onLeave: () => void;
  readonly invalid: boolean;
};

/** The same without the field: what does not depend on the kind of control. */
export type CommonControl = Omit<SettingControl<FieldControl['control']>, 'field'>;
