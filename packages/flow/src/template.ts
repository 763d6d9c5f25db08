/**
 * A variable is `{{name}}`: a letter of any script or `_`, then letters, digits or `_`. There is no logic; every other
 * brace is text. Names are what a port may be called, so each variable can become one.
 */
const variablePattern = /\{\{\s*([\p{L}_][\p{L}\p{M}\p{N}_]{0,63})\s*\}\}/gu;

/** Names of the variables in a template, each once, in the order of their first appearance, in NFC. */
export function readTemplateVariables(template: string): readonly string[] {
  const names = new Set<string>();
  for (const match of template.matchAll(variablePattern)) names.add(nameOf(match));
  return [...names];
}

/** Puts values in the place of variables, once: a value that contains `{{…}}` stays as it is. Unknown ones stay too. */
export function renderTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(variablePattern, (text, name: string) => {
    const key = name.normalize('NFC');
    return Object.hasOwn(values, key) ? (values[key] ?? text) : text;
  });
}

function nameOf(match: RegExpExecArray): string {
  return (match[1] ?? '').normalize('NFC');
}
