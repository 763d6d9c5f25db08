import { renderTemplate } from '@kumiki/flow';
import {
  type Chunk,
  type Document,
  defineArtifact,
  defineLoader,
  defineNode,
  type EmbeddedChunk,
  type NodeType,
  type PortValue,
  port,
  type Stream,
} from '@kumiki/node-sdk';
import { z } from 'zod';

/** Small node types for the engine's tests: as little as shows what the engine does with them. */
const text = (words: string) => ({ en: words, ja: words });
const shared = { version: 1, behaviour: 1, description: text('For tests.'), settingTexts: {} } as const;
const valueKinds = ['text', 'number', 'json', 'passages', 'messages'] as const;

export const input = defineNode({
  ...shared,
  type: 'input',
  effect: 'pure',
  title: text('Input'),
  settings: z.object({ name: z.string(), kind: z.enum(valueKinds).default('text') }),
  settingTexts: { name: { title: text('Name') }, kind: { title: text('Kind') } },
  inputs: {},
  outputs: { value: port.oneOf(valueKinds) },
  portRules: [{ rule: 'kind-from-setting', output: 'value', setting: 'kind' }],
  async run({ variables }) {
    if (typeof variables.value !== 'string') throw new Error('The tests send texts only');
    return { value: variables.value };
  },
});

export const output = defineNode({
  ...shared,
  type: 'output',
  effect: 'pure',
  title: text('Output'),
  settings: z.object({ name: z.string(), fallback: z.string().default('') }),
  settingTexts: { name: { title: text('Name') }, fallback: { title: text('Fallback') } },
  inputs: { value: port.oneOf(valueKinds), passages: port.passages({ required: false }) },
  outputs: { result: port.json() },
  async run({ settings, inputs }) {
    const value = inputs.value ?? settings.fallback;
    const citations = (inputs.passages ?? []).map(({ documentId }) => documentId);
    return { result: { value: typeof value === 'object' ? JSON.stringify(value) : value, citations } };
  },
  filterText({ passages }) {
    return { push: (delta) => delta.replaceAll('[1]', passages?.[0]?.documentId ?? '?'), flush: () => '' };
  },
});

/** The same, but answers also when its value was skipped. */
export const patientOutput = defineNode({
  ...shared,
  type: 'output/patient',
  effect: 'pure',
  title: text('Patient output'),
  settings: z.object({ name: z.string(), fallback: z.string().default('nothing') }),
  settingTexts: { name: { title: text('Name') }, fallback: { title: text('Fallback') } },
  inputs: { value: port.text({ acceptsSkipped: true }) },
  outputs: { result: port.json() },
  async run({ settings, inputs }) {
    return { result: { value: inputs.value ?? settings.fallback } };
  },
});

export const loadFiles = defineLoader({
  ...shared,
  type: 'load/files',
  title: text('Load'),
  settings: z.object({ collection: z.string(), hashed: z.boolean().default(true) }),
  settingTexts: { collection: { title: text('Collection') }, hashed: { title: text('Hashed') } },
  async list({ settings, context }) {
    const members = await context.files.listCollection(settings.collection);
    return members.map((member) => ({ ...member, contentHash: settings.hashed ? member.contentHash : null }));
  },
  async *read({ settings, ids, context }) {
    const members = await context.files.listCollection(settings.collection);
    for (const { id, name } of members.filter((member) => ids === 'all' || ids.includes(member.id))) {
      const { content, contentHash } = await context.files.readCollectionFile(settings.collection, id);
      const body = new TextDecoder().decode(content);
      if (body.startsWith('broken')) {
        const message = text('Broken');
        const error = { code: 'document-damaged', message, retryable: false, node: null, path: null };
        yield { document: { id, name }, error };
        continue;
      }
      const document = { id, name, mediaType: 'text/plain', contentHash, metadata: {} };
      yield { document, items: [{ text: body, headings: [], pages: [] }] };
    }
  },
});

export const chunkLines = defineNode({
  ...shared,
  type: 'chunk/lines',
  effect: 'pure',
  perDocument: true,
  title: text('Chunk'),
  settings: z.object({ prefix: z.string().default('') }),
  settingTexts: { prefix: { title: text('Prefix') } },
  inputs: { documents: port.documents() },
  outputs: { chunks: port.chunks() },
  resources: ['cpu'],
  async run({ settings, inputs }) {
    return { chunks: chunkStream(inputs.documents, settings.prefix) };
  },
});

async function* chunkStream(documents: Stream<Document>, prefix: string): Stream<Chunk> {
  for await (const element of documents) {
    if ('error' in element) {
      yield element;
      continue;
    }
    const lines = element.items.flatMap((item) => item.text.split('\n')).filter((line) => line !== '');
    const items = lines.map((line, ordinal) => ({
      ordinal,
      text: prefix + line,
      start: 0,
      end: line.length,
      tokens: line.length,
      headings: [],
      page: null,
    }));
    yield { document: element.document, items };
  }
}

export const embeddingModel = defineNode({
  ...shared,
  type: 'model/embedding',
  effect: 'reads',
  title: text('Model'),
  settings: z.object({ host: z.string().default('here'), model: z.string().default('fake-embedding') }),
  settingTexts: { host: { title: text('Host') }, model: { title: text('Model') } },
  inputs: {},
  outputs: { model: port.embeddingModel() },
  async identify({ settings, context }) {
    const { digest } = await context.models.inspect(settings.host, settings.model);
    return { value: { digest }, covers: ['host', 'model'] };
  },
  async run({ settings, context }) {
    const { digest, dimensions } = await context.models.inspect(settings.host, settings.model);
    const prefixes = { query: '', document: '' };
    const { host, model: name } = settings;
    return { model: { host, name, digest, dimensions: dimensions ?? 0, maximumTokens: 512, prefixes } };
  },
});

export const embed = defineNode({
  ...shared,
  type: 'embed',
  effect: 'pure',
  perDocument: true,
  title: text('Embed'),
  settings: z.object({}),
  inputs: { chunks: port.chunks(), model: port.embeddingModel() },
  outputs: { vectors: port.vectors() },
  resources: ['network'],
  async run({ inputs, context }) {
    const { chunks, model } = inputs;
    async function* embedAll(): Stream<EmbeddedChunk> {
      for await (const element of chunks) {
        if ('error' in element) {
          yield element;
          continue;
        }
        const texts = element.items.map((chunk) => chunk.text);
        const vectors = texts.length === 0 ? [] : await context.models.embed(model, texts, 'document');
        const items = element.items.flatMap((chunk, place) => {
          const vector = vectors[place];
          return vector === undefined ? [] : [{ ...chunk, vector }];
        });
        yield { document: element.document, items };
      }
    }
    return { vectors: embedAll() };
  },
});

export const memoryIndex = defineArtifact({
  ...shared,
  type: 'index/memory',
  effect: 'pure',
  title: text('Index'),
  settings: z.object({ note: z.string().default('') }),
  settingTexts: { note: { title: text('Note') } },
  inputs: { vectors: port.vectors(), model: port.embeddingModel() },
  outputs: { index: port.index() },
  resources: ['database'],
  async make({ inputs, lineage, owner, context }) {
    const { vectors, model } = inputs;
    const { workspace, signal, index } = context;
    const at = { workspace, lineage };
    const options = { owner, embeddingModel: model, manifest: vectors.manifest };
    const { generation, wanted } = await index.openGeneration(at, options, signal);
    const open = { ...at, generation };
    for await (const element of vectors.read(vectors.manifest === null ? 'all' : wanted)) {
      const { document } = element;
      if ('error' in element) {
        context.recordDocumentError(document.id, element.error);
        await index.recordFailure(open, owner, document.id, document.name, element.error);
      } else {
        await index.replaceDocuments(open, owner, [element], signal);
      }
    }
    const { contents, documents, chunks } = await index.closeGeneration(open, owner, signal);
    return { outputs: { index: { lineage, generation, embeddingModel: model, documents, chunks } }, contents };
  },
});

export const retrieve = defineNode({
  ...shared,
  type: 'retrieve/dense',
  effect: 'pure',
  title: text('Search'),
  settings: z.object({ limit: z.int().default(3) }),
  settingTexts: { limit: { title: text('Limit') } },
  inputs: { index: port.index(), query: port.text() },
  outputs: { passages: port.passages() },
  resources: ['database'],
  async run({ settings, inputs, context }) {
    const { index, query } = inputs;
    const [vector] = await context.models.embed(index.embeddingModel, [query], 'query');
    if (vector === undefined) return {};
    const at = { workspace: context.workspace, lineage: index.lineage, generation: index.generation };
    const found = await context.index.searchDense(at, { vector, limit: settings.limit }, context.signal);
    const passages = found.map(({ score, chunkId: _chunkId, ...passage }) => ({
      ...passage,
      scores: { cosine: score, bm25: null, ranking: score },
    }));
    return { passages };
  },
});

export const template = defineNode({
  ...shared,
  type: 'prompt/template',
  effect: 'pure',
  title: text('Prompt'),
  settings: z.object({ template: z.string().default('{{question}}') }),
  settingTexts: { template: { title: text('Template') } },
  inputs: {},
  outputs: { prompt: port.messages(), template: port.promptTemplate({ static: true }) },
  portRules: [{ rule: 'template-variables', setting: 'template', kinds: ['text', 'passages'], except: [] }],
  async run({ settings, variables }) {
    const content = renderTemplate(
      settings.template,
      Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, writeVariable(value)])),
    );
    return { prompt: [{ role: 'user', content }], template: { system: '', template: settings.template } };
  },
});

function writeVariable(value: PortValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export const generate = defineNode({
  ...shared,
  type: 'generate/llm',
  effect: 'pure',
  title: text('Generate'),
  settings: z.object({}),
  inputs: { prompt: port.messages() },
  outputs: { text: port.text() },
  resources: ['network'],
  async run({ inputs, context }) {
    const model = { host: 'here', name: 'fake-chat', digest: null, adapter: null, template: null, contextLength: null };
    const { prompt: messages } = inputs;
    let answer = '';
    for await (const event of context.models.chat(model, { messages, temperature: 0, maximumTokens: 100 })) {
      if (event.type === 'end') {
        context.reportUsage(event.usage);
        continue;
      }
      answer += event.text;
      context.emitText(event.text);
    }
    return { text: answer };
  },
});

/** Passes text on where it holds what the setting says, on one port or the other. */
export const branch = defineNode({
  ...shared,
  type: 'logic/if',
  effect: 'pure',
  title: text('If'),
  settings: z.object({ contains: z.string().default('') }),
  settingTexts: { contains: { title: text('Contains') } },
  inputs: { value: port.text() },
  outputs: { yes: port.text(), no: port.text() },
  portRules: [{ rule: 'same-kind', outputs: ['yes', 'no'], inputs: ['value'] }],
  async run({ settings, inputs }) {
    return inputs.value.includes(settings.contains) ? { yes: inputs.value } : { no: inputs.value };
  },
});

export const first = defineNode({
  ...shared,
  type: 'logic/first',
  effect: 'pure',
  title: text('First'),
  settings: z.object({}),
  inputs: { a: port.text({ required: false }), b: port.text({ required: false }) },
  outputs: { value: port.text() },
  portRules: [{ rule: 'same-kind', outputs: ['value'], inputs: ['a', 'b'] }],
  async run({ inputs }) {
    const value = inputs.a ?? inputs.b;
    return value === undefined ? {} : { value };
  },
});

const namedFlow = { flow: z.string(), version: z.int(), output: z.string().default('answer') } as const;
const namedFlowTexts = {
  flow: { title: text('Flow') },
  version: { title: text('Version') },
  output: { title: text('Output') },
} as const;

export const subflow = defineNode({
  ...shared,
  type: 'logic/subflow',
  effect: 'pure',
  title: text('Flow'),
  settings: z.object(namedFlow),
  settingTexts: namedFlowTexts,
  inputs: {},
  outputs: {},
  portRules: [{ rule: 'named-flow', flow: 'flow', version: 'version', output: 'output', item: null }],
  async run() {
    throw new Error('Nothing is left of it in a plan');
  },
});

/** Asks for every word of a text, all at once. */
export const eachWord = defineNode({
  ...shared,
  type: 'logic/each-word',
  effect: 'pure',
  title: text('Each word'),
  settings: z.object({ ...namedFlow, item: z.string().default('') }),
  settingTexts: { ...namedFlowTexts, item: { title: text('Item') } },
  inputs: { words: port.text() },
  outputs: { results: port.text() },
  portRules: [{ rule: 'named-flow', flow: 'flow', version: 'version', output: 'output', item: 'item' }],
  async run({ inputs, variables, context }) {
    const { signal } = context;
    const answers = await Promise.all(
      inputs.words.split(' ').map((item, place) => context.askFlow({ place, item, inputs: variables, signal })),
    );
    return { results: answers.map((answer) => String(answer?.value ?? '-')).join(' ') };
  },
});

export const standardNodes: readonly NodeType[] = [
  input,
  output,
  patientOutput,
  loadFiles,
  chunkLines,
  embeddingModel,
  embed,
  memoryIndex,
  retrieve,
  template,
  generate,
  branch,
  first,
  subflow,
  eachWord,
];

/** Node types by name; later ones replace earlier ones. */
export function collectNodeTypes(...nodeTypes: readonly NodeType[]): ReadonlyMap<string, NodeType> {
  return new Map([...standardNodes, ...nodeTypes].map((type) => [type.description.type, type]));
}
