import { type FlowGraph, type PortKind, readSetting } from '@kumiki/flow';

/** What a request to a flow brings in under one name. */
export type FlowInput = {
  readonly node: string;
  readonly name: string;
  readonly title: string;
  readonly kind: PortKind;
  /** As it is written in the setting: a text, or JSON. */
  readonly example: string;
};

/** One arm: the name of an output. */
export type FlowArm = { readonly node: string; readonly name: string };

/** What a flow takes and how it can answer, in the order in which it is drawn from top to bottom. */
export function readInterface(graph: FlowGraph): {
  readonly inputs: readonly FlowInput[];
  readonly arms: readonly FlowArm[];
} {
  const inputs: FlowInput[] = [];
  const arms: FlowArm[] = [];
  const nodes = [...graph.nodes.values()].sort((a, b) => a.node.position.y - b.node.position.y);
  for (const { id, node, description, ports } of nodes) {
    const read = (setting: string) => {
      const value = readSetting(node, description, setting);
      return typeof value === 'string' ? value : '';
    };
    const name = read('name');
    if (description.family === 'input' && name !== '') {
      const kind = ports.outputs.value?.kind ?? 'text';
      inputs.push({ node: id, name, title: read('title') || name, kind, example: read('example') });
    }
    if (description.family === 'output' && name !== '') arms.push({ node: id, name });
  }
  return { inputs, arms };
}

/** The examples as a request would bring them; what is no JSON, or missing, is left out. */
export function readExamples(inputs: readonly FlowInput[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    inputs.flatMap(({ name, kind, example }) => {
      const value = parseInput(kind, example);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Reads what was typed for an input of a kind; undefined where it is not of that kind, or nothing was typed. */
export function parseInput(kind: PortKind, typed: string): unknown {
  if (typed.trim() === '') return kind === 'messages' ? [] : undefined;
  if (kind === 'text') return typed;
  if (kind === 'number') {
    const number = Number(typed);
    return Number.isFinite(number) ? number : undefined;
  }
  try {
    return JSON.parse(typed);
  } catch {
    return undefined;
  }
}
