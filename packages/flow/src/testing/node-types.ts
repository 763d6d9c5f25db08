import { type FlowDocument, flowDocumentSchema, flowFormat, type JsonValue } from '../document.ts';
import type {
  InputPortDescription,
  NodeFamily,
  NodeTypeDescription,
  OutputPortDescription,
} from '../node-type-description.ts';
import type { PortKind } from '../port-kinds.ts';

function name(text: string) {
  return { en: text, ja: text };
}

export function inputPort(
  kinds: PortKind | readonly PortKind[],
  options: Partial<InputPortDescription> = {},
): InputPortDescription {
  const list = typeof kinds === 'string' ? [kinds] : kinds;
  return { kinds: list, title: name(list.join('/')), required: true, ...options };
}

export function outputPort(kind: PortKind, options: Partial<OutputPortDescription> = {}): OutputPortDescription {
  return { kind, title: name(kind), static: false, ...options };
}

/** A node type that is plain but for what the test says of it. */
export function describeType(
  type: string,
  rest: Partial<Omit<NodeTypeDescription, 'type' | 'family'>> & { readonly family: NodeFamily },
): NodeTypeDescription {
  return {
    type,
    version: 1,
    behaviour: 1,
    effect: 'pure',
    title: name(type),
    description: name(''),
    settingsSchema: { type: 'object', properties: {} },
    settingTexts: {},
    initial: {},
    initialTexts: {},
    headline: null,
    inputs: {},
    outputs: {},
    settingRules: [],
    portRules: [],
    makesArtifact: false,
    held: false,
    perDocument: false,
    ...rest,
  };
}

const named: Pick<NodeTypeDescription, 'settingsSchema' | 'settingTexts'> = {
  settingsSchema: { type: 'object', properties: { name: { type: 'string', minLength: 1 } }, required: ['name'] },
  settingTexts: { name: { title: { en: 'Name', ja: '名前' } } },
};

const valueKinds: readonly PortKind[] = ['text', 'number', 'json', 'passages'];

/** As many types as a drawn RAG flow with branches needs. */
export const nodeTypes: ReadonlyMap<string, NodeTypeDescription> = new Map(
  [
    describeType('input', {
      family: 'input',
      settingsSchema: {
        type: 'object',
        properties: { name: { type: 'string' }, kind: { type: 'string', default: 'text' } },
        required: ['name'],
      },
      outputs: { value: outputPort('text') },
      portRules: [{ rule: 'kind-from-setting', output: 'value', setting: 'kind' }],
    }),
    describeType('output', {
      family: 'output',
      ...named,
      inputs: { value: inputPort(valueKinds) },
      outputs: { result: outputPort('json') },
    }),
    describeType('load/files', { family: 'load', effect: 'reads', outputs: { documents: outputPort('documents') } }),
    describeType('chunk/lines', {
      family: 'chunk',
      inputs: { documents: inputPort('documents') },
      outputs: { chunks: outputPort('chunks') },
    }),
    describeType('index/plain', {
      family: 'index',
      makesArtifact: true,
      inputs: { chunks: inputPort('chunks') },
      outputs: { index: outputPort('index') },
    }),
    describeType('retrieve/plain', {
      family: 'retrieve',
      settingsSchema: {
        type: 'object',
        properties: { limit: { type: 'integer', minimum: 1, maximum: 100, default: 8 }, mode: { enum: ['a', 'b'] } },
      },
      settingTexts: {
        limit: { title: { en: 'Limit', ja: '件数' } },
        mode: { title: { en: 'Mode', ja: '方式' } },
      },
      title: { en: 'Search', ja: '検索' },
      inputs: { index: inputPort('index'), query: inputPort('text') },
      outputs: { passages: outputPort('passages') },
    }),
    describeType('prompt/template', {
      family: 'prompt',
      settingsSchema: { type: 'object', properties: { template: { type: 'string', default: '{{question}}' } } },
      inputs: { history: inputPort('messages', { required: false }) },
      outputs: { prompt: outputPort('messages'), template: outputPort('prompt-template', { static: true }) },
      portRules: [
        { rule: 'template-variables', setting: 'template', kinds: ['text', 'passages'], except: ['history'] },
      ],
    }),
    describeType('logic/first', {
      family: 'logic',
      inputs: { a: inputPort(valueKinds, { required: false }), b: inputPort(valueKinds, { required: false }) },
      outputs: { value: outputPort('text') },
      portRules: [{ rule: 'same-kind', outputs: ['value'], inputs: ['a', 'b'] }],
    }),
    describeType('logic/switch', {
      family: 'logic',
      title: { en: 'Switch', ja: '場合分け' },
      settingsSchema: {
        type: 'object',
        properties: {
          cases: {
            type: 'array',
            items: { type: 'object', properties: { name: { type: 'string', minLength: 1 } }, required: ['name'] },
            default: [{ name: 'usual' }],
          },
        },
      },
      settingTexts: {
        cases: { title: { en: 'Cases', ja: '場合' }, entries: { name: { title: { en: 'Name', ja: '名前' } } } },
      },
      inputs: { value: inputPort(valueKinds) },
      outputs: { before: outputPort('number'), else: outputPort('text') },
      portRules: [
        { rule: 'same-kind', outputs: ['else'], inputs: ['value'] },
        { rule: 'outputs-from-list', setting: 'cases', property: 'name', like: 'else' },
      ],
    }),
    describeType('logic/act', {
      family: 'logic',
      effect: 'acts',
      inputs: { text: inputPort('text', { required: false }) },
      outputs: { text: outputPort('text') },
    }),
    describeType('dataset/render', {
      family: 'dataset',
      makesArtifact: true,
      inputs: { template: inputPort('prompt-template') },
      outputs: { dataset: outputPort('dataset') },
    }),
  ].map((description) => [description.type, description]),
);

type DrawnNode = readonly [type: string, settings?: Record<string, JsonValue>];

/** A document from nodes by id and wires as `from > to`. */
export function drawFlow(nodes: Readonly<Record<string, DrawnNode>>, ...wires: readonly string[]): FlowDocument {
  return flowDocumentSchema.parse({
    format: flowFormat,
    name: 'Test',
    nodes: Object.fromEntries(
      Object.entries(nodes).map(([id, [type, settings = {}]]) => [
        id,
        { type, version: 1, settings, position: { x: 0, y: 0 } },
      ]),
    ),
    edges: wires.map((wire) => {
      const [from, to] = wire.split(' > ');
      return { from, to };
    }),
  });
}

/** load → chunk → index → search ← question, and an output. */
export function drawSearch(): FlowDocument {
  return drawFlow(
    {
      question: ['input', { name: 'question' }],
      load: ['load/files'],
      chunk: ['chunk/lines'],
      index: ['index/plain'],
      search: ['retrieve/plain'],
      answer: ['output', { name: 'answer' }],
    },
    'load.documents > chunk.documents',
    'chunk.chunks > index.chunks',
    'index.index > search.index',
    'question.value > search.query',
    'search.passages > answer.value',
  );
}
