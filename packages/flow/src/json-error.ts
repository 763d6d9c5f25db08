/** Where a text stops being JSON: line and column from 1, the column in characters. */
export type JsonErrorPlace = { readonly line: number; readonly column: number };

const tokenPattern =
  /[ \t\n\r]*(?:([{}[\]:,])|("(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/uy;

type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'nothing';

/**
 * Finds the first place where a text is not JSON. Engines word their messages differently and some name no place, so
 * this walks the text itself; it is only asked once `JSON.parse` has refused.
 */
export function findJsonError(text: string): JsonErrorPlace {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let offset = 0;
  for (;;) {
    tokenPattern.lastIndex = offset;
    const match = tokenPattern.exec(text);
    const next: Expected | null = match === null ? null : step(expected, match, open);
    if (match === null || next === null) return locate(text, skipSpace(text, offset));
    expected = next;
    offset = tokenPattern.lastIndex;
  }
}

/** What may follow a token, or null where the token itself may not stand here. Keeps track of what is open. */
function step(expected: Expected, match: RegExpExecArray, open: ('{' | '[')[]): Expected | null {
  const [, mark, string, literal] = match;
  const after: Expected = open.length === 0 ? 'nothing' : 'comma-or-end';
  if (string !== undefined && (expected === 'key' || expected === 'key-or-end')) return 'colon';
  if (expected === 'value' || expected === 'value-or-end') {
    if (string !== undefined || literal !== undefined) return after;
    if (mark === '{' || mark === '[') {
      open.push(mark);
      return mark === '{' ? 'key-or-end' : 'value-or-end';
    }
  }
  if (mark === ':' && expected === 'colon') return 'value';
  if (mark === ',' && expected === 'comma-or-end') return open.at(-1) === '{' ? 'key' : 'value';
  const closes = mark === '}' ? '{' : mark === ']' ? '[' : null;
  const mayClose = expected === 'comma-or-end' || expected === 'key-or-end' || expected === 'value-or-end';
  if (closes === null || !mayClose || open.at(-1) !== closes) return null;
  open.pop();
  return open.length === 0 ? 'nothing' : 'comma-or-end';
}

function skipSpace(text: string, offset: number): number {
  const rest = text.slice(offset).search(/[^ \t\n\r]/);
  return rest < 0 ? text.length : offset + rest;
}

function locate(text: string, offset: number): JsonErrorPlace {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
}
