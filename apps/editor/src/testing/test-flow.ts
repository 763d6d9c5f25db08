import { type FlowDocument, flowFormat, type NodeFamily, type NodeTypeDescription, type PortKind } from '@kumiki/flow';
import { createFlowStore } from '../flow/flow-store.ts';

type Shape = {
  readonly inputs?: Readonly<Record<string, PortKind | readonly PortKind[]>>;
  readonly outputs?: Readonly<Record<string, PortKind>>;
  readonly makesArtifact?: boolean;
  readonly settings?: Readonly<Record<string, { readonly type: string; readonly default?: string | number }>>;
  readonly headline?: string;
};

/** A description as the server would send it, for tests. Inputs are required. */
export function describeType(type: string, shape: Shape): NodeTypeDescription {
  const [family = ''] = type.split('/');
  return {
    type,
    version: 1,
    behaviour: 1,
    // Test types are named after real families.
    family: family as NodeFamily,
    effect: 'pure',
    title: { en: type, ja: type },
    description: { en: type, ja: type },
    settingsSchema: { type: 'object', properties: shape.settings ?? {} },
    settingTexts: {},
    initial: {},
    initialTexts: {},
    headline: shape.headline ?? null,
    inputs: Object.fromEntries(
      Object.entries(shape.inputs ?? {}).map(([name, kinds]) => [
        name,
        { kinds: typeof kinds === 'string' ? [kinds] : kinds, title: { en: name, ja: name }, required: true },
      ]),
    ),
    outputs: Object.fromEntries(
      Object.entries(shape.outputs ?? {}).map(([name, kind]) => [
        name,
        { kind, title: { en: name, ja: name }, static: false },
      ]),
    ),
    settingRules: [],
    portRules: [],
    makesArtifact: shape.makesArtifact ?? false,
    held: false,
    perDocument: false,
  };
}

const descriptions = [
  describeType('input', { outputs: { value: 'text' }, settings: { name: { type: 'string' } } }),
  describeType('load/files', { outputs: { documents: 'documents' } }),
  describeType('chunk/recursive', {
    inputs: { documents: 'documents' },
    outputs: { chunks: 'chunks' },
    settings: { size: { type: 'integer', default: 400 } },
    headline: 'size',
  }),
  describeType('model/embedding', { outputs: { model: 'embedding-model' } }),
  describeType('embed', { inputs: { chunks: 'chunks', model: 'embedding-model' }, outputs: { vectors: 'vectors' } }),
  describeType('index/pgvector', { inputs: { vectors: 'vectors' }, outputs: { index: 'index' }, makesArtifact: true }),
  describeType('retrieve/hybrid', { inputs: { index: 'index', query: 'text' }, outputs: { passages: 'passages' } }),
  describeType('output', { inputs: { value: ['text', 'json'] }, settings: { name: { type: 'string' } } }),
];

export const testTypes: ReadonlyMap<string, NodeTypeDescription> = new Map(
  descriptions.map((description) => [description.type, description]),
);

export const testDocument: FlowDocument = {
  format: flowFormat,
  name: 'Test',
  nodes: {
    files: { type: 'load/files', version: 1, settings: {}, position: { x: 0, y: 0 } },
    question: { type: 'input', version: 1, settings: { name: 'question' }, position: { x: 0, y: 180 } },
  },
  edges: [],
  notes: [],
  groups: [],
};

export function openTestFlow(now: () => number = () => 0) {
  return createFlowStore({ id: 'flow', document: testDocument, revision: 1, nodeTypes: testTypes, now });
}
