import type {
  JsonSchema,
  JsonValue,
  LocalisedText,
  NodeEffect,
  NodeFamily,
  NodeTypeDescription,
  PortRule,
  SettingRule,
  SettingText,
} from '@kumiki/flow';
import { z } from 'zod';
import type { NodeContext } from './context.ts';
import { type Port, port } from './port.ts';
import type {
  Conversation,
  Document,
  ManifestEntry,
  Passage,
  PortValue,
  PortValues,
  PulledPortValues,
  Stream,
} from './values.ts';

type Ports = Readonly<Record<string, Port>>;

type ValueOf<P, Values> =
  P extends Port<infer Kind, infer Required, infer AcceptsSkipped>
    ? [Required, AcceptsSkipped] extends [true, false]
      ? Values[Kind & keyof Values]
      : Values[Kind & keyof Values] | undefined
    : never;

/** Inputs as `run` gets them: values, and streams already open. */
export type InputValues<I extends Ports> = { readonly [Name in keyof I]: ValueOf<I[Name], PortValues> };
/** Inputs as `make` gets them: values, and streams not yet open. */
export type PulledInputValues<I extends Ports> = { readonly [Name in keyof I]: ValueOf<I[Name], PulledPortValues> };
/** Outputs as `run` returns them. An output that is left out is skipped, with what hangs on it alone. */
export type OutputValues<O extends Ports> = { readonly [Name in keyof O]?: ValueOf<O[Name], PortValues> };

/** What a node needs while it computes. `gpu` is training; models are limited by their hosts. */
export type Resource = 'cpu' | 'gpu' | 'network' | 'database';

/** The identity of something outside, and the settings that it stands for in the fingerprint. */
export type SourceIdentity = { readonly value: JsonValue; readonly covers: readonly string[] };

/** Lifts settings from `from` to `from + 1`. One that only renames keeps the fingerprint of saved flows. */
export type SettingsMigration = {
  readonly from: number;
  readonly migrate: (settings: Readonly<Record<string, JsonValue>>) => Record<string, JsonValue>;
};

type CommonDefinition<S extends z.ZodObject, I extends Ports, O extends Ports> = {
  readonly type: string;
  /** Numbers the settings: a change raises it and adds a migration. */
  readonly version: number;
  /** Numbers what the node makes of its settings: only it, of these two, changes fingerprints. */
  readonly behaviour: number;
  readonly effect: NodeEffect;
  readonly title: LocalisedText;
  readonly description: LocalisedText;
  readonly settings: S;
  readonly settingTexts: { readonly [Name in keyof z.output<S>]: SettingText };
  readonly settingRules?: readonly SettingRule[];
  readonly headline?: keyof z.output<S> & string;
  readonly initial?: Readonly<Record<string, JsonValue>>;
  readonly initialTexts?: Readonly<Record<string, LocalisedText>>;
  readonly inputs: I;
  readonly outputs: O;
  readonly portRules?: readonly PortRule[];
  readonly resources?: readonly Resource[];
  readonly migrations?: readonly SettingsMigration[];
  /** Names what is outside, cheaply: a model's digest, a table's query. Asked while planning, and again after. */
  identify?(call: { readonly settings: z.output<S>; readonly context: NodeContext }): Promise<SourceIdentity>;
};

type Call<S extends z.ZodObject> = { readonly settings: z.output<S>; readonly context: NodeContext };

export type NodeDefinition<S extends z.ZodObject, I extends Ports, O extends Ports> = CommonDefinition<S, I, O> & {
  /** Each stream element of the output comes from one element of the input, of the same document. */
  readonly perDocument?: boolean;
  run(
    call: Call<S> & {
      readonly inputs: InputValues<I>;
      /** Values of inputs that came from a port rule, such as a template's variables. */
      readonly variables: Readonly<Record<string, PortValue>>;
    },
  ): Promise<OutputValues<O>>;
  /** Values of the static outputs, from settings alone. Where it is left out, `run` is called for them without inputs. */
  runStatic?(call: Call<S>): Promise<OutputValues<O>>;
  /** Outputs that carry text to the client: rewrites deltas on their way (see the citation filter). */
  filterText?(call: { readonly settings: z.output<S>; readonly passages: readonly Passage[] | null }): TextFilter;
};

/** `push` may hold text back; `flush` gives what is left. */
export type TextFilter = { push(delta: string): string; flush(): string };

/** What loaders may bring in: the kind of their only output, which is called the same. */
type LoadedItems = { documents: Document; conversations: Conversation };

export type LoaderDefinition<S extends z.ZodObject, Kind extends keyof LoadedItems = 'documents'> = Omit<
  CommonDefinition<S, Record<never, never>, Record<never, never>>,
  'inputs' | 'outputs' | 'effect'
> & {
  /** `documents` where it is left out. */
  readonly loads?: Kind;
  list(call: Call<S>): Promise<readonly ManifestEntry[]>;
  read(call: Call<S> & { readonly ids: readonly string[] | 'all' }): Stream<LoadedItems[Kind]>;
};

export type ArtifactDefinition<S extends z.ZodObject, I extends Ports, O extends Ports> = CommonDefinition<S, I, O> & {
  /**
   * Making it can take days: where only contents have changed, a build keeps the newest artifact of the lineage and
   * marks it stale, until it is asked to make this node's anew.
   */
  readonly held?: boolean;
  /**
   * What it will read by itself, for one that needs no loader: ids are the files' own. With it the artifact has contents,
   * as one that is made from a stream: `make` names them by `context.node`'s last part, a slash, and the file's id.
   */
  list?(call: Call<S>): Promise<readonly ManifestEntry[]>;
  make(
    call: Call<S> & {
      readonly inputs: PulledInputValues<I>;
      /** Identity without contents: what stays when documents come and go. */
      readonly lineage: string;
      /** Names the attempt that writes, so that a thawed one can be refused. */
      readonly owner: string;
    },
  ): Promise<MadeArtifact<O>>;
};

export type MadeArtifact<O extends Ports> = {
  readonly outputs: { readonly [Name in keyof O]: ValueOf<O[Name], PortValues> };
  /** What was really read, sorted by id: it makes the fingerprint under which the artifact is kept. */
  readonly contents: readonly { readonly id: string; readonly contentHash: string }[];
};

type ErasedCall = { readonly settings: Readonly<Record<string, unknown>>; readonly context: NodeContext };

/** A node type as the engine sees it: settings and values are erased, since it moves them without looking. */
export type NodeType = {
  readonly description: NodeTypeDescription;
  readonly settings: z.ZodObject;
  readonly resources: readonly Resource[];
  readonly migrations: readonly SettingsMigration[];
  readonly identify: ((call: ErasedCall) => Promise<SourceIdentity>) | null;
  readonly filterText:
    | ((call: {
        readonly settings: Readonly<Record<string, unknown>>;
        readonly passages: readonly Passage[] | null;
      }) => TextFilter)
    | null;
  readonly behaviour:
    | {
        readonly role: 'run';
        run(
          call: ErasedCall & {
            readonly inputs: Readonly<Record<string, PortValue | undefined>>;
            readonly variables: Readonly<Record<string, PortValue>>;
          },
        ): Promise<Readonly<Record<string, PortValue | undefined>>>;
        readonly runStatic: ((call: ErasedCall) => Promise<Readonly<Record<string, PortValue | undefined>>>) | null;
      }
    | {
        readonly role: 'loader';
        /** Name and kind of its output, whose items are erased too. */
        readonly loads: keyof LoadedItems;
        list(call: ErasedCall): Promise<readonly ManifestEntry[]>;
        read(call: ErasedCall & { readonly ids: readonly string[] | 'all' }): Stream<never>;
      }
    | {
        readonly role: 'artifact';
        readonly list: ((call: ErasedCall) => Promise<readonly ManifestEntry[]>) | null;
        make(
          call: ErasedCall & {
            readonly inputs: Readonly<Record<string, PulledPortValues[keyof PulledPortValues] | undefined>>;
            readonly lineage: string;
            readonly owner: string;
          },
        ): Promise<{
          readonly outputs: Readonly<Record<string, PortValue>>;
          readonly contents: readonly { readonly id: string; readonly contentHash: string }[];
        }>;
      };
};

/** A node that computes: values in, values out, streams passed through. */
export function defineNode<S extends z.ZodObject, I extends Ports, O extends Ports>(
  definition: NodeDefinition<S, I, O>,
): NodeType {
  const { run, runStatic, filterText } = definition;
  return eraseTypes(definition, definition.inputs, definition.outputs, {
    effect: definition.effect,
    makesArtifact: false,
    held: false,
    perDocument: definition.perDocument ?? false,
    filterText: filterText ?? null,
    behaviour: { role: 'run', run, runStatic: runStatic ?? null },
  });
}

/** A node that brings documents or conversations in: it lists them cheaply, and reads those that somebody wants. */
export function defineLoader<S extends z.ZodObject, Kind extends keyof LoadedItems = 'documents'>(
  definition: LoaderDefinition<S, Kind>,
): NodeType {
  const loads = definition.loads ?? 'documents';
  return eraseTypes(
    definition,
    {},
    { [loads]: port[loads]() },
    {
      effect: 'reads',
      makesArtifact: false,
      held: false,
      perDocument: true,
      filterText: null,
      behaviour: { role: 'loader', loads, list: definition.list, read: definition.read },
    },
  );
}

/** A node that leaves an artifact behind: it pulls on streams only for what it lacks. */
export function defineArtifact<S extends z.ZodObject, I extends Ports, O extends Ports>(
  definition: ArtifactDefinition<S, I, O>,
): NodeType {
  return eraseTypes(definition, definition.inputs, definition.outputs, {
    effect: definition.effect,
    makesArtifact: true,
    held: definition.held ?? false,
    perDocument: false,
    filterText: null,
    behaviour: { role: 'artifact', list: definition.list ?? null, make: definition.make },
  });
}

type SharedDefinition = Omit<CommonDefinition<z.ZodObject, Ports, Ports>, 'inputs' | 'outputs' | 'effect' | 'identify'>;

/**
 * The one place where types are let go: `definition` was checked against its own settings and ports by the functions
 * above, and the engine parses settings with the same schema before every call.
 */
function eraseTypes(
  definition: object,
  inputs: Ports,
  outputs: Ports,
  rest: {
    effect: NodeEffect;
    makesArtifact: boolean;
    held: boolean;
    perDocument: boolean;
    filterText: unknown;
    behaviour: object;
  },
): NodeType {
  const shared = definition as SharedDefinition & { identify?: NodeType['identify'] };
  return {
    description: describeNodeType(shared, inputs, outputs, rest),
    settings: shared.settings,
    resources: shared.resources ?? [],
    migrations: shared.migrations ?? [],
    identify: shared.identify ?? null,
    filterText: rest.filterText as NodeType['filterText'],
    behaviour: rest.behaviour as NodeType['behaviour'],
  };
}

function describeNodeType(
  definition: SharedDefinition,
  inputs: Ports,
  outputs: Ports,
  rest: { effect: NodeEffect; makesArtifact: boolean; held: boolean; perDocument: boolean },
): NodeTypeDescription {
  return {
    type: definition.type,
    version: definition.version,
    behaviour: definition.behaviour,
    family: familyOf(definition.type),
    effect: rest.effect,
    title: definition.title,
    description: definition.description,
    settingsSchema: z.toJSONSchema(definition.settings, { io: 'input' }) as JsonSchema,
    settingTexts: definition.settingTexts,
    settingRules: definition.settingRules ?? [],
    initial: definition.initial ?? {},
    initialTexts: definition.initialTexts ?? {},
    headline: definition.headline ?? null,
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, { kinds, required, acceptsSkipped, title }]) => [
        name,
        { kinds, required, title, ...(acceptsSkipped && { acceptsSkipped }) },
      ]),
    ),
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, port]) => [name, describeOutput(definition.type, name, port)]),
    ),
    portRules: definition.portRules ?? [],
    makesArtifact: rest.makesArtifact,
    held: rest.held,
    perDocument: rest.perDocument,
  };
}

function describeOutput(type: string, name: string, port: Port) {
  const [kind] = port.kinds;
  if (kind === undefined) throw new Error(`Output ${name} of ${type} has no kind`);
  return { kind, title: port.title, static: port.static };
}

function familyOf(type: string): NodeFamily {
  return type.split('/', 1)[0] as NodeFamily;
}
