import {
  type FlowDocument,
  type FlowGraph,
  type GraphNode,
  type LocalisedText,
  type PortAddress,
  readSetting,
  readTemplateVariables,
} from '@kumiki/flow';
import { type DrawnFlow, deriveFlow } from './derive-flow.ts';
import { placeAdded } from './place-added.ts';
import { type ArmKind, armKinds, type DrawnArm, findBefore, findFeed, namesTuned, readArms } from './read-arms.ts';
import { openSketch, type Sketch } from './sketch.ts';

export type AddedArms = {
  readonly document: FlowDocument;
  /** Ids of the new nodes. */
  readonly added: readonly string[];
  readonly arms: readonly ArmKind[];
};

/** Ports of the node types that are drawn here, as the templates of new flows name them too. */
const ports = {
  prompt: 'prompt',
  template: 'template',
  passages: 'passages',
  model: 'model',
  dataset: 'dataset',
} as const;

const titles: Readonly<Record<ArmKind, LocalisedText>> = {
  base: { en: 'Base model', ja: '元のモデル' },
  rag: { en: 'RAG', ja: 'RAG' },
  tuned: { en: 'Tuned', ja: '学習済み' },
  tunedRag: { en: 'Tuned + RAG', ja: '学習済み + RAG' },
};
const names: Readonly<Record<ArmKind, string>> = { base: 'base', rag: 'RAG', tuned: 'tuned', tunedRag: 'tuned-RAG' };

const plainSystem: LocalisedText = {
  en: 'Answer the question briefly. If you do not know the answer, say so.',
  ja: '質問に簡潔に答えてください。分からないときは、分からないと答えてください。',
};

/**
 * Draws those of the four arms (base model, RAG, tuned model, tuned model with RAG) that a flow lacks, on the same model,
 * index and conversations as far as it has them; what it does not have is drawn too, and has to be told what to load. All
 * in one: what was drawn stays as it is. Null where there is no arm to start from, or none missing.
 */
export function addMissingArms(drawn: DrawnFlow, language: keyof LocalisedText): AddedArms | null {
  const { graph } = deriveFlow(drawn);
  const arms = readArms(graph);
  const missing = armKinds.filter((kind) => arms.every((arm) => arm.kind !== kind));
  const [first] = arms;
  if (first === undefined || missing.length === 0) return null;

  const sketch = openSketch(drawn.document, drawn.nodeTypes, language);
  const parts = openParts({ sketch, graph, arms, first, language });
  const taken = listOutputNames(graph);
  for (const kind of missing) {
    const retrieves = kind === 'rag' || kind === 'tunedRag';
    const isTuned = kind === 'tuned' || kind === 'tunedRag';
    const prompt = retrieves ? parts.retrieval().prompt : parts.plainPrompt();
    const model = isTuned ? parts.tunedModel(retrieves) : parts.baseModel();
    const like = arms.find((arm) => (arm.passages !== null) === retrieves) ?? first;
    const passages = retrieves ? parts.retrieval().passages : null;
    drawArm(sketch, { kind, name: freeName(names[kind], taken), prompt, model, like, passages });
  }
  const { document, added } = sketch.read();
  return { document: placeAdded(document, added, drawn.nodeTypes), added, arms: missing };
}

type ArmParts = {
  readonly kind: ArmKind;
  readonly name: string;
  readonly prompt: PortAddress;
  readonly model: PortAddress;
  readonly passages: PortAddress | null;
  /** An arm whose limits and wording the new one takes over, so that the two can be compared. */
  readonly like: DrawnArm;
};

function drawArm(sketch: Sketch, { kind, name, prompt, model, passages, like }: ArmParts): void {
  const { generator, output } = like;
  const generate = sketch.copy(generator.node);
  const portOf = (from: PortAddress) => findPort(generator, from);
  sketch.wire(prompt, generate, portOf(like.prompt));
  sketch.wire(model, generate, portOf(like.model));
  const [answer = 'answer'] = Object.keys(generator.ports.outputs);
  const end = sketch.add({ type: output.node.type, title: titles[kind], settings: { ...output.node.settings, name } });
  sketch.wire({ node: generate, port: answer }, end, 'value');
  if (passages !== null) sketch.wire(passages, end, ports.passages);
}

function listOutputNames(graph: FlowGraph): ReadonlySet<string> {
  const outputs = [...graph.nodes.values()].filter(({ description }) => description.family === 'output');
  return new Set(outputs.map(({ node, description }) => String(readSetting(node, description, 'name') ?? '')));
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number += 1) {
    if (!taken.has(`${name}-${number}`)) return `${name}-${number}`;
  }
}

function findPort({ id, incoming }: GraphNode, from: PortAddress): string {
  const wire = incoming.find((one) => one.from.node === from.node && one.from.port === from.port);
  if (wire === undefined) throw new Error(`${id} is not fed by ${from.node}`);
  return wire.to.port;
}

type Stock = {
  readonly sketch: Sketch;
  readonly graph: FlowGraph;
  readonly arms: readonly DrawnArm[];
  readonly first: DrawnArm;
  readonly language: keyof LocalisedText;
};

/** What arms are made of: taken from the flow where it has it, drawn where it has not, once each. */
function openParts(stock: Stock) {
  const { sketch, graph, arms } = stock;
  const baseModel = once(() => findBaseModel(stock));
  const plainPrompt = once(() => arms.find(({ passages }) => passages === null)?.prompt ?? drawPlainPrompt(stock));
  const retrieval = once(() => {
    const arm = arms.find(({ passages }) => passages !== null);
    if (arm === undefined || arm.passages === null) return drawRetrieval(stock);
    return { prompt: arm.prompt, passages: arm.passages, ...findIndex(graph, arm.passages) };
  });
  const dataset = once(() => findDataSet(stock) ?? drawDataSet(stock));
  const tunedPlain = once((): PortAddress => {
    const arm =
      arms.find(({ kind }) => kind === 'tuned') ??
      arms.find(({ kind, tuner }) => kind === 'tunedRag' && tuner === null);
    return arm?.model ?? drawTuning(stock, { base: baseModel(), dataset: dataset(), prompt: plainPrompt() });
  });
  const tunedRetrieving = once((): PortAddress => {
    const { prompt, index, limit } = retrieval();
    const named = arms.find(({ kind, tuner }) => kind === 'tuned' && tuner === null);
    // Without an index nothing can be put beside the examples, and a model that is only named is as it is.
    if (named !== undefined || index === null) return tunedPlain();
    const withPassages = sketch.add({
      type: 'dataset/with-passages',
      settings: limit === null ? {} : { passages: limit },
    });
    sketch.wire(dataset(), withPassages, ports.dataset);
    sketch.wire(index, withPassages, 'index');
    return drawTuning(stock, { base: baseModel(), dataset: { node: withPassages, port: ports.dataset }, prompt });
  });
  return {
    baseModel,
    plainPrompt,
    retrieval,
    tunedModel: (retrieves: boolean) => (retrieves ? tunedRetrieving() : tunedPlain()),
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The model that answers untuned, or the one that a tuning starts from. */
function findBaseModel({ sketch, graph, arms, first }: Stock): PortAddress {
  const untuned = arms.find(({ kind }) => kind === 'base' || kind === 'rag');
  if (untuned !== undefined) return untuned.model;
  const { tuner } = arms.find((arm) => arm.tuner !== null) ?? first;
  const base = tuner === null ? null : findFeed(graph, tuner, ['chat-model']);
  if (base !== null) return base;
  const named = graph.nodes.get(first.model.node);
  if (named === undefined || !namesTuned(named)) return first.model;
  const { tuned: _, ...settings } = named.node.settings;
  return { node: sketch.copy(named.node, settings), port: first.model.port };
}

/** The question by itself: the variables of the retrieving prompt, without its passages and what is said about them. */
function drawPlainPrompt({ sketch, graph, first, language }: Stock): PortAddress {
  const asks = graph.nodes.get(first.prompt.node);
  const wires = (asks?.incoming ?? []).filter(
    ({ from }) => graph.nodes.get(from.node)?.ports.outputs[from.port]?.kind !== 'passages',
  );
  const template = asks === undefined ? undefined : readSetting(asks.node, asks.description, 'template');
  const variables = typeof template === 'string' ? readTemplateVariables(template) : [];
  const kept = variables.filter((name) => wires.some(({ to }) => to.port === name));
  const prompt = sketch.add({
    type: 'prompt/template',
    settings: { system: plainSystem[language], template: kept.map((name) => `{{${name}}}`).join('\n') },
  });
  for (const { from, to } of wires) sketch.wire(from, prompt, to.port);
  return { node: prompt, port: ports.prompt };
}

type Retrieval = {
  readonly prompt: PortAddress;
  readonly passages: PortAddress;
  readonly index: PortAddress | null;
  /** How many passages are handed on; null where that is not said. */
  readonly limit: number | null;
};

function findIndex(graph: FlowGraph, passages: PortAddress): Pick<Retrieval, 'index' | 'limit'> {
  const search = graph.nodes.get(passages.node);
  if (search === undefined) return { index: null, limit: null };
  const hasIndex = (node: GraphNode) => findFeed(graph, node, ['index']) !== null;
  const reads = hasIndex(search) ? search : findBefore(graph, search, hasIndex);
  const limit = readSetting(search.node, search.description, 'limit');
  return {
    index: reads === null ? null : findFeed(graph, reads, ['index']),
    limit: typeof limit === 'number' ? limit : null,
  };
}

/** Search in documents, and a prompt with what was found. Which documents has to be said by a person. */
function drawRetrieval({ sketch, graph, first }: Stock): Retrieval {
  const index = findOutput(graph, 'index') ?? drawIndex(sketch);
  const question = findQuestion(graph, first);
  const search = sketch.add({ type: 'retrieve/hybrid' });
  const prompt = sketch.add({ type: 'prompt/template' });
  const passages = { node: search, port: ports.passages };
  sketch.wire(index, search, 'index');
  sketch.wire(question, search, 'query');
  sketch.wire(passages, prompt, ports.passages);
  sketch.wire(question, prompt, 'question');
  return { prompt: { node: prompt, port: ports.prompt }, passages, index, limit: null };
}

function drawIndex(sketch: Sketch): PortAddress {
  const load = sketch.add({ type: 'load/files' });
  const chunk = sketch.add({ type: 'chunk/recursive' });
  const embedding = sketch.add({
    type: 'model/embedding',
    settings: { host: 'embedded', model: 'multilingual-e5-small' },
  });
  const embed = sketch.add({ type: 'embed' });
  const index = sketch.add({ type: 'index/pgvector' });
  sketch.wire({ node: load, port: 'documents' }, chunk, 'documents');
  sketch.wire({ node: chunk, port: 'chunks' }, embed, 'chunks');
  sketch.wire({ node: embed, port: 'vectors' }, index, 'vectors');
  for (const node of [chunk, embed, index]) sketch.wire({ node: embedding, port: ports.model }, node, ports.model);
  return { node: index, port: 'index' };
}

/** What a person asks: the text that the prompt is made of, or is. */
function findQuestion(graph: FlowGraph, { prompt }: DrawnArm): PortAddress {
  const asks = graph.nodes.get(prompt.node);
  return (asks === undefined ? null : findFeed(graph, asks, ['text'])) ?? prompt;
}

/** What a tuning that is drawn already learns from, before passages were put into it. */
function findDataSet({ graph, arms }: Stock): PortAddress | null {
  const tuner = arms.find((arm) => arm.tuner !== null)?.tuner;
  const dataset = tuner == null ? null : findFeed(graph, tuner, ['dataset']);
  const source = dataset === null ? undefined : graph.nodes.get(dataset.node);
  if (source === undefined || findFeed(graph, source, ['index']) === null) return dataset;
  return findFeed(graph, source, ['dataset']) ?? dataset;
}

function drawDataSet({ sketch, graph }: Stock): PortAddress {
  const conversations = findOutput(graph, 'conversations') ?? {
    node: sketch.add({ type: 'load/conversations' }),
    port: 'conversations',
  };
  const dataset = sketch.add({ type: 'dataset/from-conversations' });
  sketch.wire(conversations, dataset, 'conversations');
  return { node: dataset, port: ports.dataset };
}

type Tuning = { readonly base: PortAddress; readonly dataset: PortAddress; readonly prompt: PortAddress };

/** A tuning in the words of the prompt that will ask, and with the settings of one that is drawn already. */
function drawTuning({ sketch, graph, arms }: Stock, { base, dataset, prompt }: Tuning): PortAddress {
  const like = arms.find((arm) => arm.tuner !== null)?.tuner;
  const tune = like == null ? sketch.add({ type: 'finetune/lora' }) : sketch.copy(like.node);
  sketch.wire(base, tune, ports.model);
  sketch.wire(dataset, tune, ports.dataset);
  const asks = graph.nodes.get(prompt.node);
  const isDrawn = asks === undefined;
  if (isDrawn || asks.ports.outputs[ports.template]?.kind === 'prompt-template') {
    sketch.wire({ node: prompt.node, port: ports.template }, tune, ports.template);
  }
  return { node: tune, port: ports.model };
}

function findOutput(graph: FlowGraph, kind: 'index' | 'conversations'): PortAddress | null {
  for (const {
    id,
    ports: { outputs },
  } of graph.nodes.values()) {
    const port = Object.keys(outputs).find((name) => outputs[name]?.kind === kind);
    if (port !== undefined) return { node: id, port };
  }
  return null;
}
