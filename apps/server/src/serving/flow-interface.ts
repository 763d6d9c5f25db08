import type { NodeTypeDescriptions } from '@kumiki/flow';
import { type FlowDocument, type JsonSchema, type JsonValue, readSetting } from '@kumiki/flow';

export type FlowInput = {
  readonly name: string;
  readonly kind: string;
  readonly title: string;
  readonly example: JsonValue | null;
};

/** What a flow takes and gives, read from its `input` and `output` nodes. */
export type FlowInterface = {
  readonly inputs: readonly FlowInput[];
  readonly outputs: readonly { readonly name: string; readonly node: string }[];
};

export function readFlowInterface(document: FlowDocument, descriptions: NodeTypeDescriptions): FlowInterface {
  const inputs: FlowInput[] = [];
  const outputs: { name: string; node: string }[] = [];
  for (const [id, node] of Object.entries(document.nodes)) {
    const description = descriptions.get(node.type);
    if (description === undefined) continue;
    const read = (name: string) => {
      const value = readSetting(node, description, name);
      return typeof value === 'string' ? value : '';
    };
    if (description.family === 'output') outputs.push({ name: read('name'), node: id });
    if (description.family !== 'input') continue;
    const kind = read('kind') || 'text';
    inputs.push({ name: read('name'), kind, title: read('title'), example: readExample(read('example'), kind) });
  }
  return { inputs, outputs };
}

/** Examples of other kinds than text are written as JSON. */
function readExample(example: string, kind: string): JsonValue | null {
  if (example === '') return null;
  if (kind === 'text') return example;
  try {
    return JSON.parse(example);
  } catch {
    return null;
  }
}

const kindSchemas: Readonly<Record<string, JsonSchema>> = {
  text: { type: 'string' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  json: {},
  messages: {
    type: 'array',
    items: {
      type: 'object',
      required: ['role', 'content'],
      properties: { role: { enum: ['system', 'user', 'assistant'] }, content: { type: 'string' } },
    },
  },
  file: {
    type: 'object',
    description: 'A file that was uploaded by POST /api/files',
    required: ['name', 'mediaType', 'sha256', 'bytes'],
    properties: {
      name: { type: 'string' },
      mediaType: { type: 'string' },
      sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      bytes: { type: 'integer', minimum: 0 },
    },
  },
};

/** The JSON Schema of `inputs` as a caller has to send them. */
export function describeInputs(inputs: readonly FlowInput[]): JsonSchema {
  return {
    type: 'object',
    required: inputs.map(({ name }) => name),
    properties: Object.fromEntries(
      inputs.map(({ name, kind, title, example }) => [
        name,
        {
          ...(kindSchemas[kind] ?? {}),
          ...(title === '' ? {} : { title }),
          ...(example === null ? {} : { examples: [example] }),
        },
      ]),
    ),
  };
}
