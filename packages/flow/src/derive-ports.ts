import type { FlowNode, JsonValue } from './document.ts';
import type {
  InputPortDescription,
  NodeTypeDescription,
  OutputPortDescription,
  PortRule,
} from './node-type-description.ts';
import { type PortKind, portKinds } from './port-kinds.ts';
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
 * What an `output` node puts out is the arm's answer, which no wire can take, so it has no output ports here.
 */
export function derivePorts(
  node: Pick<FlowNode, 'settings'>,
  description: NodeTypeDescription,
  arriving: ArrivingKinds,
): NodePorts {
  const inputs: Record<string, InputPortDescription> = { ...description.inputs };
  const outputs: Record<string, OutputPortDescription> =
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
    }
  }
  return { inputs, outputs };
}

/** A setting's value, or the default that its absence means. */
export function readSetting(
  node: Pick<FlowNode, 'settings'>,
  description: NodeTypeDescription,
  name: string,
): JsonValue | undefined {
  if (Object.hasOwn(node.settings, name)) return node.settings[name];
  const properties = description.settingsSchema.properties;
  if (!isRecord(properties)) return undefined;
  const property = properties[name];
  return isRecord(property) ? property.default : undefined;
}

function readRuleVariables(
  node: Pick<FlowNode, 'settings'>,
  description: NodeTypeDescription,
  rule: Extract<PortRule, { rule: 'template-variables' }>,
): readonly string[] {
  const template = readSetting(node, description, rule.setting);
  if (typeof template !== 'string') return [];
  return readTemplateVariables(template).filter((name) => !rule.except.includes(name));
}

function setKind(outputs: Record<string, OutputPortDescription>, name: string, kind: JsonValue | undefined): void {
  const output = outputs[name];
  if (output === undefined || !isPortKind(kind)) return;
  outputs[name] = { ...output, kind };
}

function isPortKind(value: JsonValue | undefined): value is PortKind {
  return typeof value === 'string' && knownKinds.has(value);
}

function isRecord(value: JsonValue | undefined): value is Record<string, JsonValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
