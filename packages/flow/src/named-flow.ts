import type { FlowDocument, FlowNode } from './document.ts';
import type { LocalisedText, NodeTypeDescription, OutputPortDescription } from './node-type-description.ts';
import type { PortKind } from './port-kinds.ts';
import { readSetting } from './read-setting.ts';

/** Names an immutable version of a flow. */
export type FlowReference = { readonly flow: string; readonly version: number };

/** Nodes of all flows that stand within one: it bounds what a document can make a planner do. */
export const mostInlinedNodes = 2_000;

/** What a node that names a flow makes of it. */
export type FlowUse = {
  readonly reference: FlowReference;
  /** The output of that flow whose answer the node gives. */
  readonly output: string;
  /** Asked once for every item of a list, and not once. */
  readonly perItem: boolean;
  /** The input that gets the item, where the node says which. */
  readonly item: string | null;
};

/** A version that a node names, as far as its ports tell. */
export type NamedFlow = {
  readonly document: FlowDocument;
  /** How many nodes it has, with those of the flows that it names. */
  readonly size: number;
  /** Whether a build makes anything for it. */
  readonly isBuilt: boolean;
  readonly inputs: readonly { readonly name: string; readonly kind: PortKind; readonly title: LocalisedText }[];
  /** By an output's name: what reaches its ports. Static where no input of the flow reaches it. */
  readonly outputs: ReadonlyMap<string, Readonly<Record<string, OutputPortDescription>>>;
  /** By an output's name: the inputs that lead to it. The others may stay without a wire. */
  readonly needs: ReadonlyMap<string, ReadonlySet<string>>;
};

/** Why a version that is named cannot be used. One that is `unread` is on its way: nothing is said of it yet. */
export type NamedFlowFault = 'unread' | 'unknown' | 'recursive' | 'too-deep';

/** Versions of other flows that a document names. Whoever has them hands them in: this package reads nothing. */
export type NamedFlows = {
  find(reference: FlowReference): NamedFlow | NamedFlowFault;
};

export const noNamedFlows: NamedFlows = { find: () => 'unknown' };

export function formatFlowReference({ flow, version }: FlowReference): string {
  return `${flow}@${version}`;
}

/** Null where the node's type names no flow, or the node does not yet say which. */
export function readFlowUse(node: Pick<FlowNode, 'settings'>, description: NodeTypeDescription): FlowUse | null {
  const rule = description.portRules.find((candidate) => candidate.rule === 'named-flow');
  if (rule === undefined) return null;
  const read = (name: string) => readSetting(node, description, name);
  const [flow, version, output] = [read(rule.flow), read(rule.version), read(rule.output)];
  const item = rule.item === null ? null : read(rule.item);
  if (typeof flow !== 'string' || flow === '' || typeof version !== 'number' || typeof output !== 'string') return null;
  return {
    reference: { flow, version },
    output,
    perItem: rule.item !== null,
    item: typeof item === 'string' && item !== '' ? item : null,
  };
}

/** The input that gets one item of the list: the one that is named, or the only one. Null where that is none. */
export function findItemInput({ item }: Pick<FlowUse, 'item'>, { inputs }: NamedFlow): string | null {
  const [only, ...others] = inputs;
  if (item === null) return others.length === 0 ? (only?.name ?? null) : null;
  return inputs.some(({ name }) => name === item) ? item : null;
}

/** Whether nodes of the type ask a flow for every item of a list, which is work for questions. */
export function asksPerItem({ portRules }: NodeTypeDescription): boolean {
  return portRules.some((rule) => rule.rule === 'named-flow' && rule.item !== null);
}
