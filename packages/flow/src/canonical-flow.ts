import type { z } from 'zod';
import type {
  FlowDocument,
  FlowGroup,
  FlowNode,
  FlowNote,
  flowDocumentSchema,
  JsonValue,
  Position,
} from './document.ts';

/** The document as it is written to a file: what means nothing is left out. */
export type FlowFile = z.input<typeof flowDocumentSchema>;

/**
 * The one form of a document: keys, wires, notes and groups sorted, positions on whole pixels, and nothing that only
 * repeats a default. Reading it back gives an equal document; doing it twice changes nothing.
 */
export function canonicaliseFlow(document: FlowDocument): FlowFile {
  const { edges, format, groups, name, nodes, notes } = document;
  return {
    edges: edges.map(({ from, to }) => ({ from, to })).sort((a, b) => compare(a.to, b.to) || compare(a.from, b.from)),
    format,
    ...(groups.length > 0 && { groups: groups.map(canonicaliseGroup).sort((a, b) => compare(a.id, b.id)) }),
    name,
    nodes: mapSorted(nodes, canonicaliseNode),
    ...(notes.length > 0 && { notes: notes.map(canonicaliseNote).sort((a, b) => compare(a.id, b.id)) }),
  };
}

/** The text of a flow file: stable, so that git shows what a person changed, with a final newline. */
export function formatFlow(document: FlowDocument): string {
  return `${formatJson(canonicaliseFlow(document), '')}\n`;
}

/** Whether two documents are the same one, whatever the order in which they were written down. */
export function equalFlows(a: FlowDocument, b: FlowDocument): boolean {
  return a === b || formatFlow(a) === formatFlow(b);
}

/** Equal JSON gives equal text: keys are sorted at every depth. */
export function canonicaliseJson(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(canonicaliseJson);
  if (typeof value !== 'object' || value === null) return value;
  return mapSorted(value, canonicaliseJson);
}

function canonicaliseNode({ position, settings, title, type, version }: FlowNode): FlowFile['nodes'][string] {
  return {
    position: canonicalisePosition(position),
    ...(Object.keys(settings).length > 0 && { settings: mapSorted(settings, canonicaliseJson) }),
    ...(title !== undefined && title !== '' && { title }),
    type,
    version,
  };
}

function canonicaliseNote({ id, position, size, text }: FlowNote): FlowNote {
  return {
    id,
    position: canonicalisePosition(position),
    ...(size !== undefined && { size: { height: size.height, width: size.width } }),
    text,
  };
}

function canonicaliseGroup({ id, nodes, title }: FlowGroup): FlowGroup {
  return { id, nodes: [...nodes].sort(compare), title };
}

/** Half pixels come from zooming and mean nothing; `+ 0` turns -0 into 0. */
function canonicalisePosition({ x, y }: Position): Position {
  return { x: Math.round(x) + 0, y: Math.round(y) + 0 };
}

/** A key `__proto__` is left out, since reading leaves it out too: zod sets no prototypes. */
function mapSorted<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  const entries = Object.entries(record)
    .filter(([key]) => key !== '__proto__')
    .sort(([a], [b]) => compare(a, b));
  return Object.fromEntries(entries.map(([key, value]) => [key, map(value)]));
}

/** By code units, so that it is the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const lineWidth = 100;

/** JSON with small objects and lists on one line: a wire or a position is one line of a diff. */
function formatJson(value: unknown, indent: string): string {
  const line = formatLine(value);
  if (!isContainer(value) || (indent !== '' && isFlat(value) && indent.length + line.length <= lineWidth)) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => inner + formatJson(item, inner)).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${formatJson(item, inner)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

function formatLine(value: unknown): string {
  if (!isContainer(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(formatLine).join(', ')}]`;
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${formatLine(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isFlat(value: object): boolean {
  return Object.values(value).every((item) => !isContainer(item));
}
