import type { JsonValue, LocalisedText, NodeTypeDescription, SettingText } from '@kumiki/flow';

export type FieldControl =
  | { readonly control: 'text'; readonly maxLength: number | null }
  | { readonly control: 'long-text' }
  /** A text with `{{variables}}`, each of which becomes an input of the node. */
  | { readonly control: 'template' }
  | { readonly control: 'switch' }
  | { readonly control: 'choice'; readonly options: readonly ChoiceOption[] }
  | ({ readonly control: 'number' } & NumberBounds)
  | ({ readonly control: 'slider' } & NumberBounds & { readonly minimum: number; readonly maximum: number })
  | { readonly control: 'collection' }
  | {
      readonly control: 'model';
      readonly purpose: 'chat' | 'embedding' | 'rerank';
      readonly hostSetting: string | null;
    }
  | {
      readonly control: 'flow';
      readonly part: 'flow' | 'version' | 'output' | 'item';
      /** The settings that together say which flow, by what each of them says. */
      readonly settings: Readonly<Record<'flow' | 'version' | 'output', string>> & { readonly item: string | null };
      /** The type of the node. */
      readonly node: string;
    }
  | { readonly control: 'secret' }
  | { readonly control: 'tuned-model' }
  /** Entries of the same fields each, in an order. */
  | { readonly control: 'list'; readonly fields: readonly Field[]; readonly maximum: number | null }
  /** What no other control fits is written as JSON. */
  | { readonly control: 'json' };

export type ChoiceOption = { readonly value: string; readonly label: LocalisedText };
export type NumberBounds = {
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly step: number;
  readonly integer: boolean;
};

/** One row of the settings form. */
export type Field = {
  readonly name: string;
  readonly title: LocalisedText;
  readonly description: LocalisedText | null;
  /** What an absent setting means; undefined where it has to be set. */
  readonly fallback: JsonValue | undefined;
  readonly required: boolean;
  readonly advanced: boolean;
} & FieldControl;

/** From this on a whole number is no bound that anybody set: zod writes the largest safe integers out. */
const largestMeantInteger = 2 ** 52;

/** The rows of a node type's form, in the order of its schema. A host that a model picker sets has no row of its own. */
export function readFields(description: NodeTypeDescription): readonly Field[] {
  const { properties } = description.settingsSchema;
  if (!isRecord(properties)) return [];
  const names = Object.keys(properties);
  const hasModel = names.some((name) => isModelWidget(description.settingTexts[name]?.widget));
  return names
    .filter((name) => !(hasModel && name === 'host'))
    .map((name) => readField(name, isRecord(properties[name]) ? properties[name] : {}, description));
}

function isModelWidget(widget: SettingText['widget']): boolean {
  return widget === 'chat-model' || widget === 'embedding-model' || widget === 'rerank-model';
}

function readField(name: string, schema: Record<string, JsonValue>, description: NodeTypeDescription): Field {
  const text = description.settingTexts[name];
  const required = description.settingsSchema.required;
  return {
    name,
    title: text?.title ?? { en: name, ja: name },
    description: text?.description ?? null,
    fallback: schema.default,
    required: Array.isArray(required) && required.includes(name) && schema.default === undefined,
    advanced: text?.advanced ?? false,
    ...chooseControl(name, schema, description),
  };
}

function chooseControl(
  name: string,
  schema: Record<string, JsonValue>,
  description: NodeTypeDescription,
): FieldControl {
  const { settingTexts, settingsSchema, portRules } = description;
  const flowPart = findFlowPart(name, description);
  if (flowPart !== null) return flowPart;
  const text = settingTexts[name];
  switch (text?.widget) {
    case 'collection':
      return { control: 'collection' };
    case 'secret':
      return { control: 'secret' };
    case 'tuned-model':
      return { control: 'tuned-model' };
    case 'chat-model':
    case 'embedding-model':
    case 'rerank-model': {
      const { properties } = settingsSchema;
      const purpose =
        text.widget === 'chat-model' ? 'chat' : text.widget === 'embedding-model' ? 'embedding' : 'rerank';
      return { control: 'model', purpose, hostSetting: isRecord(properties) && 'host' in properties ? 'host' : null };
    }
    case 'textarea': {
      const isTemplate = portRules.some((rule) => rule.rule === 'template-variables' && rule.setting === name);
      return { control: isTemplate ? 'template' : 'long-text' };
    }
    case 'slider':
    case undefined: {
      const entries = readEntrySchema(schema);
      if (entries !== null) {
        const ofEntry = { ...description, settingsSchema: entries, settingTexts: text?.entries ?? {}, portRules: [] };
        return { control: 'list', fields: readFields(ofEntry), maximum: readBound(schema.maxItems) };
      }
      return chooseBySchema(schema, text?.widget === 'slider', text?.options);
    }
  }
}

/** Of a list whose entries are groups of values; null for any other setting. */
function readEntrySchema({ type, items }: Record<string, JsonValue>): Record<string, JsonValue> | null {
  return type === 'array' && isRecord(items) && isRecord(items.properties) ? items : null;
}

/** Settings that say which flow a node names are chosen from what there is. */
function findFlowPart(name: string, { type, portRules }: NodeTypeDescription): FieldControl | null {
  const settings = portRules.find((rule) => rule.rule === 'named-flow');
  if (settings === undefined) return null;
  const part = (['flow', 'version', 'output', 'item'] as const).find((one) => settings[one] === name);
  return part === undefined ? null : { control: 'flow', part, settings, node: type };
}

function chooseBySchema(
  schema: Record<string, JsonValue>,
  wantsSlider: boolean,
  names: Readonly<Record<string, LocalisedText>> | undefined,
): FieldControl {
  if (Array.isArray(schema.enum)) {
    const values = schema.enum.filter((value) => typeof value === 'string');
    return {
      control: 'choice',
      options: values.map((value) => ({ value, label: names?.[value] ?? { en: value, ja: value } })),
    };
  }
  switch (schema.type) {
    case 'boolean':
      return { control: 'switch' };
    case 'number':
    case 'integer':
      return chooseNumber(schema, wantsSlider);
    case 'string':
      return { control: 'text', maxLength: typeof schema.maxLength === 'number' ? schema.maxLength : null };
    default:
      return { control: 'json' };
  }
}

/** A share or a temperature is pulled; a count is typed, and so is what a slider is too coarse for. */
function chooseNumber(schema: Record<string, JsonValue>, wantsSlider: boolean): FieldControl {
  const integer = schema.type === 'integer';
  const minimum = readBound(schema.minimum ?? schema.exclusiveMinimum);
  const maximum = readBound(schema.maximum ?? schema.exclusiveMaximum);
  const span = minimum === null || maximum === null ? null : maximum - minimum;
  const isNarrow = span !== null && span <= 10;
  const fine = integer ? null : readFineStep(schema.default, chooseStep(span ?? 10));
  if (fine !== null) return { control: 'number', minimum, maximum, step: fine, integer };
  if (minimum !== null && maximum !== null && (wantsSlider || (!integer && isNarrow))) {
    return { control: 'slider', minimum, maximum, step: integer ? 1 : chooseStep(maximum - minimum), integer };
  }
  return { control: 'number', minimum, maximum, step: integer ? 1 : chooseStep(span ?? 10), integer };
}

/** The step of a value that is usually much smaller than a slider's, such as a learning rate; null for any other. */
function readFineStep(usual: JsonValue | undefined, step: number): number | null {
  if (typeof usual !== 'number' || usual <= 0 || usual >= step) return null;
  return 10 ** Math.floor(Math.log10(usual));
}

function chooseStep(span: number): number {
  return span <= 1 ? 0.01 : span <= 10 ? 0.05 : 0.1;
}

function readBound(value: JsonValue | undefined): number | null {
  return typeof value === 'number' && Math.abs(value) < largestMeantInteger ? value : null;
}

function isRecord(value: JsonValue | undefined): value is Record<string, JsonValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
