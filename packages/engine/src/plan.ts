import type { BindingTime, FlowDocument, FlowReference, JsonValue, LocalisedText, PortKind } from '@kumiki/flow';
import type { NodeType } from '@kumiki/node-sdk';

/** Node types by name, with their code. */
export type NodeTypes = ReadonlyMap<string, NodeType>;

/** The output port that feeds a wire. */
export type PlannedSource = {
  /** Place in `plan.nodes`, always before that of the node that it feeds. */
  readonly node: number;
  readonly port: string;
  /** When the value comes into being; a stream never crosses. */
  readonly time: BindingTime;
};

export type PlannedInput = {
  readonly name: string;
  /** From a port rule, such as a template's variable: handed over apart from the type's own inputs. */
  readonly variable: boolean;
  readonly required: boolean;
  readonly acceptsSkipped: boolean;
  readonly stream: boolean;
  /** The kind that arrives, or the first that is accepted. */
  readonly kind: PortKind;
  /** None where nothing is wired; more than one only for a stream. */
  readonly sources: readonly PlannedSource[];
};

export type PlannedOutput = {
  readonly name: string;
  readonly kind: PortKind;
  readonly stream: boolean;
  readonly static: boolean;
  readonly time: BindingTime;
  /** Places of the nodes that read it. */
  readonly consumers: readonly number[];
};

/**
 * What a node does for the flow. `loader` and `stream` nodes work only while somebody pulls on them, `value` nodes
 * compute once and are done, `artifact` nodes leave something behind.
 */
export type PlannedRole = 'loader' | 'stream' | 'value' | 'artifact';

export type PlannedNode = {
  readonly index: number;
  /** Path in the flow: `search`, or `helpdesk/search` inside an inlined one. */
  readonly id: string;
  /** Its id in the flow that it was drawn in: what stays wherever that flow is inlined. */
  readonly ownId: string;
  readonly title: LocalisedText;
  readonly type: NodeType;
  readonly role: PlannedRole;
  readonly time: BindingTime;
  /** Parsed by the type's schema, defaults filled in. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The same without what is at its default: what a fingerprint covers. */
  readonly distinctSettings: Readonly<Record<string, JsonValue>>;
  readonly inputs: readonly PlannedInput[];
  readonly outputs: readonly PlannedOutput[];
};

/** A flow that a node asks for every item of a list. */
export type PlannedBody = {
  /** The name of the input that gets the item. */
  readonly item: string;
  /** Place of the output that answers. */
  readonly output: number;
  /** Places of its input nodes, by name. */
  readonly inputs: ReadonlyMap<string, number>;
};

/** A flow ready to run: immutable, made once for a version and used for every build and question. */
export type Plan = {
  /** With settings migrated to the node types' present versions, and as it was drawn: nothing is inlined here. */
  readonly document: FlowDocument;
  /** Sources first, those of inlined flows among them. */
  readonly nodes: readonly PlannedNode[];
  readonly indexById: ReadonlyMap<string, number>;
  /** Arms by name: the place of each output node. */
  readonly arms: ReadonlyMap<string, number>;
  /** What a question brings in, by name. */
  readonly inputs: ReadonlyMap<string, { readonly node: number; readonly kind: PortKind }>;
  /** By the place of the node that asks. */
  readonly bodies: ReadonlyMap<number, PlannedBody>;
  /** Which version stands below a path. */
  readonly references: ReadonlyMap<string, FlowReference>;
};
