import type { JsonValue } from './document.ts';
import type { PortKind } from './port-kinds.ts';

/** A text in both languages of the interface. */
export type LocalisedText = { readonly en: string; readonly ja: string };

/**
 * What a node does to the world. `pure` depends on settings and inputs alone; `reads` looks at something outside
 * and can identify it; `acts` changes something outside, is never cached and never part of a build's artifacts.
 */
export type NodeEffect = 'pure' | 'reads' | 'acts';

export type NodeFamily =
  | 'input'
  | 'load'
  | 'chunk'
  | 'model'
  | 'embed'
  | 'index'
  | 'retrieve'
  | 'prompt'
  | 'generate'
  | 'dataset'
  | 'finetune'
  | 'logic'
  | 'output';

export type InputPortDescription = {
  /** The kinds that this input accepts. */
  readonly kinds: readonly PortKind[];
  readonly title: LocalisedText;
  /** A required input without a wire is a problem; a required input whose value was skipped skips the node. */
  readonly required: boolean;
  /** The node runs also when this value was skipped, even if that was all that it had. */
  readonly acceptsSkipped?: boolean;
};

export type OutputPortDescription = {
  readonly kind: PortKind;
  readonly title: LocalisedText;
  /** A static output depends on settings only: it is build-time even on a request-time node. */
  readonly static: boolean;
};

/**
 * Ports that depend on settings or wires, as data, so that the editor derives them without running the node.
 * - `template-variables`: one input for each variable of the template in a setting, or, where that is a list, of the
 *   templates in a property of its entries. Several rules may name the same variable; it is one input.
 * - `kind-from-setting`: an output's kind is the value of a setting.
 * - `same-kind`: an output's kind is the kind that arrives at one of the named inputs (the first that has a wire).
 * - `outputs-from-list`: an output for each entry of a list in a setting, called what a property of the entry says. It is
 *   of the kind of the declared output `like`, as the rules before this one left it, and stands before it.
 * - `named-flow`: an input for each of the flow version that settings name, and outputs for what reaches its output of
 *   that name. With `item`, the flow is asked for every item of a list instead: the input that this setting names gets
 *   the item and is no port, and the outputs are the node's own.
 */
export type PortRule =
  | {
      readonly rule: 'template-variables';
      readonly setting: string;
      /** Of the entries, where the setting is a list. */
      readonly property?: string;
      readonly kinds: readonly PortKind[];
      /** Variables that are declared as ports anyway. */
      readonly except: readonly string[];
    }
  | { readonly rule: 'kind-from-setting'; readonly output: string; readonly setting: string }
  | { readonly rule: 'same-kind'; readonly outputs: readonly string[]; readonly inputs: readonly string[] }
  | {
      readonly rule: 'outputs-from-list';
      readonly setting: string;
      readonly property: string;
      readonly like: string;
    }
  | {
      readonly rule: 'named-flow';
      /** Names of the settings that hold the flow's id, the version's number, the output's name and an input's name. */
      readonly flow: string;
      readonly version: string;
      readonly output: string;
      readonly item: string | null;
    };

/**
 * What holds between several settings, as data, since a JSON Schema made from zod knows no refinements.
 * - `exactly-one-of`: one of them is set, and no more.
 */
export type SettingRule = { readonly rule: 'exactly-one-of'; readonly settings: readonly string[] };

/** A JSON Schema (draft 2020-12), as zod writes it. */
export type JsonSchema = { readonly [keyword: string]: JsonValue };

/** All that the editor, the checks and the planner know of a node type. Plain JSON, served by `/api/node-types`. */
export type NodeTypeDescription = {
  readonly type: string;
  readonly version: number;
  readonly behaviour: number;
  readonly family: NodeFamily;
  readonly effect: NodeEffect;
  readonly title: LocalisedText;
  readonly description: LocalisedText;
  /** Schema of the settings; its `default`s are what an absent setting means and never change once released. */
  readonly settingsSchema: JsonSchema;
  /** Titles, descriptions and widgets of the settings, by name. */
  readonly settingTexts: Readonly<Record<string, SettingText>>;
  readonly settingRules: readonly SettingRule[];
  /** Settings that a new node gets written out, where they differ from the default. */
  readonly initial: Readonly<Record<string, JsonValue>>;
  /** The same for texts that people read: a new node gets them in the language of whoever adds it. */
  readonly initialTexts: Readonly<Record<string, LocalisedText>>;
  /** The setting shown on the node. */
  readonly headline: string | null;
  readonly inputs: Readonly<Record<string, InputPortDescription>>;
  readonly outputs: Readonly<Record<string, OutputPortDescription>>;
  readonly portRules: readonly PortRule[];
  /** Leaves an artifact behind that outlives the run. */
  readonly makesArtifact: boolean;
  /** Its artifact is kept where only contents have changed, until somebody asks for it to be made again. */
  readonly held: boolean;
  /** Handles each document of a stream on its own, so that an index can ask for single documents through it. */
  readonly perDocument: boolean;
};

export type SettingText = {
  readonly title: LocalisedText;
  readonly description?: LocalisedText;
  /** How the editor asks for it, where the schema alone does not say. */
  readonly widget?:
    | 'textarea'
    | 'slider'
    | 'collection'
    | 'chat-model'
    | 'embedding-model'
    | 'rerank-model'
    | 'tuned-model'
    | 'secret';
  /** Names of an enumeration's values, by value. */
  readonly options?: Readonly<Record<string, LocalisedText>>;
  /** Folded away until asked for. */
  readonly advanced?: boolean;
  /** Of a list of groups of values: the texts of what each entry holds, by name. */
  readonly entries?: Readonly<Record<string, Omit<SettingText, 'entries' | 'advanced'>>>;
};
