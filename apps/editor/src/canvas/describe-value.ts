import type { LocalisedText } from '@kumiki/flow';
import { type FlowNode, type JsonValue, type NodeTypeDescription, readSetting } from '@kumiki/flow';

/**
 * The one setting that matters, in a line: texts and choices by themselves, figures before their name, so that the
 * figure stays where the line is cut. Of a type that names no setting, the first figure; where it is blank, what else has been filled in. Null where nothing is.
 */
export function describeValue(
  node: FlowNode,
  description: NodeTypeDescription,
  localise: (text: LocalisedText) => string,
): string | null {
  const headline = description.headline ?? findFigure(node, description);
  if (headline === null) return null;
  const isBlank = formatValue(readSetting(node, description, headline)) === '';
  const name = isBlank ? (findOther(node, description) ?? headline) : headline;
  const value = readSetting(node, description, name);
  const text = description.settingTexts[name];
  const option = typeof value === 'string' ? text?.options?.[value] : undefined;
  if (option !== undefined) return localise(option);
  const shown = formatValue(value);
  if (shown === '') return null;
  return typeof value === 'string' || text === undefined ? shown : `${shown} · ${localise(text.title)}`;
}

/** The first other text that somebody has filled in: a folder in the place of a collection, say. */
function findOther(node: FlowNode, description: NodeTypeDescription): string | null {
  const names = Object.keys(description.settingTexts);
  return names.find((name) => typeof node.settings[name] === 'string' && node.settings[name] !== '') ?? null;
}

function findFigure(node: FlowNode, description: NodeTypeDescription): string | null {
  const plain = Object.entries(description.settingTexts).filter(([, text]) => text.advanced !== true);
  return plain.find(([name]) => typeof readSetting(node, description, name) === 'number')?.[0] ?? null;
}

function formatValue(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(formatValue).join(' · ');
  if (typeof value === 'object') return '';
  return String(value).replaceAll(/\s+/g, ' ').trim();
}
