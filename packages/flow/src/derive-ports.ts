import { type FlowNode, isPortName, type JsonValue } from './document.ts';
import { type FlowUse, findItemInput, type NamedFlow, readFlowUse } from './named-flow.ts';
import type {
  InputPortDescription,
  NodeTypeDescription,
  OutputPortDescription,
  PortRule,
} from './node-type-description.ts';
import { type PortKind, portKinds } from './port-kinds.ts';
import { isRecord, readSetting } from './read-setting.ts';
import { readTemplateVariables } from './template.ts';

/** The ports of one node, in the order in which they are drawn. */
export type NodePorts = {
  readonly inputs: Readonly<Record<string, InputPortDescription>>;
  readonly outputs: Readonly<Record<string, OutputPortDescription>>;
};

/** The kind that arrives at each input that has a wire (the first wire's, where there are several). */
export type ArrivingKinds = Readonly<Record<string, PortKind>>;

const knownKinds: ReadonlySet<string> = new Set(portKinds);

/**
 * The ports that a node has with its settings and wires: those of its type, changed by the type's port rules.
 * `named` is the flow that the node names, where it names one. What an `output` node puts out is the arm's answer, which no wire can take, so it has no output ports here.
 */
export function derivePorts(
  node: Pick<FlowNode, 'settings'>,
  description: NodeTypeDescription,
  arriving: ArrivingKinds,
  named: NamedFlow | null = null,
): NodePorts {
  const inputs: Record<string, InputPortDescription> = { ...description.inputs };
  let outputs: Record<string, OutputPortDescription> =
    description.family === 'output' ? {} : { ...description.outputs };
  for (const rule of description.portRules) {
    switch (rule.rule) {
      case 'template-variables':
        for (const name of readRuleVariables(node, description, rule)) {
          inputs[name] ??= { kinds: rule.kinds, title: { en: name, ja: name }, required: true };
        }
        break;
      case 'kind-from-setting':
        setKind(outputs, rule.output, readSetting(node, description, rule.setting));
        break;
      case 'same-kind': {
        const wired = rule.inputs.find((name) => arriving[name] !== undefined);
        if (wired === undefined) break;
        for (const name of rule.outputs) setKind(outputs, name, arriving[wired]);
        break;
      }
      case 'outputs-from-list':
        outputs = addOutputs(outputs, rule.like, readEntryNames(node, description, rule));
        break;
      case 'named-flow':
        if (named !== null) addFlowPorts(inputs, outputs, readFlowUse(node, description), named);
        break;
    }
  }
  return { inputs, outputs };
}

function addFlowPorts(
  inputs: Record<string, InputPortDescription>,
  outputs: Record<string, OutputPortDescription>,
  use: FlowUse | null,
  named: NamedFlow,
): void {
  if (use === null) return;
  const item = use.perItem ? findItemInput(use, named) : null;
  for (const { name, kind, title } of named.inputs) {
    const required = named.needs.get(use.output)?.has(name) ?? false;
    if (name !== item) inputs[name] ??= { kinds: [kind], title, required };
  }
  if (!use.perItem) Object.assign(outputs, named.outputs.get(use.output));
}

function readRuleVariables(
  node: Pick<FlowNode, 'settings'>,
  description: NodeTypeDescription,
  rule: Extract<PortRule, { rule: 'template-variables' }>,
): readonly string[] {
  const { setting, property, except } = rule;
  const templates =
    property === undefined
      ? [readSetting(node, description, setting)]
      : readEntries(node, description, { setting, property });
  return templates
    .flatMap((template) => (typeof template === 'string' ? readTemplateVariables(template) : []))
    .filter((name) => !except.includes(name));
}

/**
 * What the entries of a list are called, in their order and in NFC; null for one without a name. Which of them can be
 * outputs is another matter: `checkSettings` says what is wrong with the others.
 */
export function readEntryNames(
  node: Pick<FlowNode, 'settings'>,
  description: NodeTypeDescription,
  rule: Extract<PortRule, { rule: 'outputs-from-list' }>,
): readonly (string | null)[] {
  return readEntries(node, description, rule).map((name) =>
    typeof name === 'string' && name !== '' ? name.normalize('NFC') : null,
  );
}

/** One property of each entry of a list; nothing where the setting is none. */
function readEntries(
  node: Pick<FlowNode, 'settings'>,
  description: NodeTypeDescription,
  { setting, property }: { readonly setting: string; readonly property: string },
): readonly (JsonValue | undefined)[] {
  const entries = readSetting(node, description, setting);
  if (!Array.isArray(entries)) return [];
  return entries.map((entry) => (isRecord(entry) ? entry[property] : undefined));
}

function addOutputs(
  outputs: Readonly<Record<string, OutputPortDescription>>,
  like: string,
  names: readonly (string | null)[],
): Record<string, OutputPortDescription> {
  const model = outputs[like];
  if (model === undefined) return { ...outputs };
  const added = names
    .filter((name) => name !== null && isPortName(name) && !Object.hasOwn(outputs, name))
    .map((name) => [name, { ...model, title: { en: name, ja: name } }]);
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([name, output]) =>
      name === like ? [...added, [name, output]] : [[name, output]],
    ),
  );
}

function setKind(outputs: Record<string, OutputPortDescription>, name: string, kind: JsonValue | undefined): void {
  const output = outputs[name];
  if (output === undefined || !isPortKind(kind)) return;
  outputs[name] = { ...output, kind };
}

function isPortKind(value: JsonValue | undefined): value is PortKind {
  return typeof value === 'string' && knownKinds.has(value);
}
