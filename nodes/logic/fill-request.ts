import { type JsonValue, readTemplateVariables, renderTemplate } from '@kumiki/flow';
import type { PortValue } from '@kumiki/node-sdk';
import { renderValue } from '../prompt/render-value.ts';

/** Values of a template's variables, by name. */
export type Variables = Readonly<Record<string, PortValue>>;

/**
 * Text with the values in place. What a value holds stays within its place: `encode` writes it so that it cannot end what
 * stands around it.
 */
export function fillText(
  template: string,
  variables: Variables,
  encode: (text: string) => string = (text) => text,
): string {
  const names = readTemplateVariables(template);
  return renderTemplate(
    template,
    Object.fromEntries(names.map((name) => [name, encode(renderValue(variables[name]))])),
  );
}

/**
 * An address with the values in place, each percent-encoded, so that a question cannot add a path, a query or another host.
 * Null where a value is `.` or `..`, which means another folder however it is encoded (WHATWG URL, 4.4).
 */
export function fillAddress(template: string, variables: Variables): string | null {
  const names = readTemplateVariables(template);
  if (names.some((name) => /^\.{1,2}$/.test(renderValue(variables[name])))) return null;
  return fillText(template, variables, (text) => encodeURIComponent(text.toWellFormed()));
}

/**
 * JSON with the values in its strings. A string that is one variable and nothing else becomes the value itself, a number
 * or a list for instance; within a longer string it is text. `template` is JSON, as the settings' schema has checked.
 */
export function fillJson(template: string, variables: Variables): string {
  // JSON.parse gives JSON values only.
  return JSON.stringify(fillValue(JSON.parse(template) as JsonValue, variables));
}

function fillValue(value: JsonValue, variables: Variables): unknown {
  if (typeof value === 'string') return fillString(value, variables);
  if (Array.isArray(value)) return value.map((member) => fillValue(member, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [fillText(key, variables), fillValue(member, variables)]),
  );
}

function fillString(text: string, variables: Variables): unknown {
  const [name, ...others] = readTemplateVariables(text);
  const isVariableAlone = name !== undefined && others.length === 0 && /^\{\{[^{}]*\}\}$/.test(text.trim());
  return isVariableAlone ? (variables[name] ?? null) : fillText(text, variables);
}
