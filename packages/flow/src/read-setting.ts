import type { FlowNode, JsonValue } from './document.ts';
import type { NodeTypeDescription } from './node-type-description.ts';

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

export function isRecord(value: JsonValue | undefined): value is Record<string, JsonValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
