import { type FlowDocument, formatFlowReference } from '@kumiki/flow';
import type { NodeType } from '@kumiki/node-sdk';
import { buildFlowDocument, FakeModelHost, MemoryArtifactStore, MemoryServices } from '@kumiki/testkit';
import {
  type Build,
  type BuildResult,
  buildFlow,
  findBuild,
  findInputs,
  planFlow,
  type RunEvent,
  type RunResult,
  runFlow,
} from '../index.ts';
import type { RunOptions } from '../run-scope.ts';
import { collectNodeTypes } from './nodes.ts';

type Extra = Partial<Omit<RunOptions, 'plan' | 'workspace' | 'emit' | 'services'>> & {
  readonly onEvent?: (event: RunEvent) => void;
};

/** A workspace in memory: files, a model host, an index and artifacts that outlive single builds. */
export class TestBench {
  readonly host = new FakeModelHost();
  readonly artifacts = new MemoryArtifactStore();
  readonly services = new MemoryServices({ host: this.host });
  readonly files = new Map<string, string>();
  readonly #versions = new Map<string, FlowDocument>();
  #nodeTypes: ReadonlyMap<string, NodeType>;
  #runs = 0;

  constructor(...nodeTypes: readonly NodeType[]) {
    this.#nodeTypes = collectNodeTypes(...nodeTypes);
    this.services.collections.set('help', this.files);
  }

  plan(document: FlowDocument) {
    return planFlow(document, this.#nodeTypes, this.#versions);
  }

  /** As after an update of Kumiki: types of the same name are replaced. */
  upgrade(...nodeTypes: readonly NodeType[]): void {
    this.#nodeTypes = new Map([...this.#nodeTypes, ...nodeTypes.map((type) => [type.description.type, type] as const)]);
  }

  /** Freezes a version that other flows can name. */
  freeze(flow: string, version: number, document: FlowDocument): void {
    this.#versions.set(formatFlowReference({ flow, version }), document);
  }

  async build(
    document: FlowDocument,
    extra: Extra & { only?: readonly string[]; retrain?: readonly string[] } = {},
  ): Promise<{ result: BuildResult; build: Build; events: RunEvent[] }> {
    const events: RunEvent[] = [];
    const { onEvent, ...options } = extra;
    const shared = this.#options(document, events, onEvent);
    const result = await buildFlow({ ...shared, artifacts: this.artifacts, ...options });
    return { result, build: result.build, events };
  }

  async find(document: FlowDocument): Promise<Build> {
    return await findBuild({ ...this.#options(document, []), artifacts: this.artifacts });
  }

  async findInputs(document: FlowDocument, node: string) {
    const options = this.#options(document, []);
    const planned = options.plan.nodes.find(({ id }) => id === node);
    if (planned === undefined) throw new Error(`No node ${node}`);
    return await findInputs({ ...options, artifacts: this.artifacts, node: planned });
  }

  async ask(
    document: FlowDocument,
    build: Build,
    inputs: Readonly<Record<string, unknown>>,
    extra: Extra & { output?: string; only?: readonly string[]; mayAct?: boolean } = {},
  ): Promise<{ result: RunResult; events: RunEvent[] }> {
    const events: RunEvent[] = [];
    const result = await runFlow({ ...this.#options(document, events, extra.onEvent), build, inputs, ...extra });
    return { result, events };
  }

  #options(document: FlowDocument, events: RunEvent[], onEvent?: (event: RunEvent) => void): RunOptions {
    this.#runs += 1;
    return {
      plan: this.plan(document),
      workspace: 'team',
      run: `run-${this.#runs}`,
      services: this.services.bind,
      emit(event) {
        events.push(event);
        onEvent?.(event);
      },
      signal: new AbortController().signal,
    };
  }
}

/** load → chunk → embed → index → search → prompt → answer. */
export function drawRag() {
  return buildFlowDocument('Help')
    .node('question', 'input', { name: 'question' })
    .node('load', 'load/files', { collection: 'help' })
    .node('chunk', 'chunk/lines')
    .node('model', 'model/embedding')
    .node('embed', 'embed')
    .node('index', 'index/memory')
    .node('search', 'retrieve/dense')
    .node('prompt', 'prompt/template', { template: '{{passages}} {{question}}' })
    .node('generate', 'generate/llm')
    .node('answer', 'output', { name: 'answer' })
    .wire('load.documents', 'chunk.documents')
    .wire('chunk.chunks', 'embed.chunks')
    .wire('model.model', 'embed.model')
    .wire('embed.vectors', 'index.vectors')
    .wire('model.model', 'index.model')
    .wire('index.index', 'search.index')
    .wire('question.value', 'search.query')
    .wire('search.passages', 'prompt.passages')
    .wire('question.value', 'prompt.question')
    .wire('prompt.prompt', 'generate.prompt')
    .wire('generate.text', 'answer.value')
    .wire('search.passages', 'answer.passages');
}
