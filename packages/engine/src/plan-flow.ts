import {
  type BindingTime,
  type BindingTimes,
  bindGraph,
  checkFlow,
  checkSettings,
  type FlowDocument,
  type FlowGraph,
  type FlowVersions,
  findBindingProblems,
  formatPortAddress,
  type GraphNode,
  type InlinedFlow,
  inlineFlows,
  isStreamKind,
  nameNode,
  type Problem,
  readGraph,
  readNamedFlows,
  readSetting,
} from '@kumiki/flow';
import { KumikiError, type NodeType } from '@kumiki/node-sdk';
import { findDistinctSettings } from './distinct-settings.ts';
import { migrateSettings } from './migrate-settings.ts';
import type { NodeTypes, Plan, PlannedInput, PlannedNode, PlannedOutput, PlannedRole, PlannedSource } from './plan.ts';

/** A flow that cannot run, with everything that is wrong with it. Its own text is that of the first problem. */
export class FlowInvalidError extends KumikiError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const [first] = problems;
    super({
      code: 'flow-invalid',
      message: first?.message ?? { en: 'The flow cannot run.', ja: 'このフローは実行できません。' },
      status: 422,
      ...(first?.node && { node: first.node }),
      ...(first && { path: first.path }),
    });
    this.name = 'FlowInvalidError';
    this.problems = problems;
  }
}

const noVersions: FlowVersions = new Map();

/**
 * Turns a document into a plan: settings migrated and parsed, flows that it names inlined, ports and binding times
 * worked out, wires as indices. `versions` holds the versions that it names, and those that they name. Throws
 * `flow-invalid` (a FlowInvalidError) where the flow has errors; warnings do not matter here.
 */
export function planFlow(document: FlowDocument, nodeTypes: NodeTypes, versions: FlowVersions = noVersions): Plan {
  const migrated = migrateSettings(document, nodeTypes);
  const descriptions = new Map([...nodeTypes].map(([name, type]) => [name, type.description]));
  const named = new Map([...versions].map(([key, version]) => [key, migrateSettings(version, nodeTypes)]));
  const flows = readNamedFlows(named, descriptions);
  refuseErrors([...checkFlow(migrated, descriptions, flows), ...checkBySchemas(migrated, nodeTypes)]);

  const inlined = inlineFlows(migrated, descriptions, flows);
  // What was inlined stays inlined: below, a node that names a flow has the ports of it and is a node like any other.
  const graph = readGraph(inlined.document, descriptions, flows);
  const times = bindGraph(graph);
  if (inlined.references.size > 0) {
    const problems = [...checkBySchemas(inlined.document, nodeTypes), ...findBindingProblems(graph, times)];
    refuseErrors(problems.map(placeAsDrawn));
  }
  const indexById = new Map([...graph.nodes.keys()].map((id, index) => [id, index]));
  const nodes = [...graph.nodes.values()].flatMap((node, index) => {
    const type = nodeTypes.get(node.node.type);
    return type === undefined ? [] : [planNode({ node, type, index, times, indexById, graph })];
  });
  // Inputs and outputs of a flow that is asked for every item are that node's affair, and not a caller's.
  const borders = nodes.flatMap((node) => {
    const drawn = migrated.nodes[node.id];
    const name = drawn && readSetting(drawn, node.type.description, 'name');
    return typeof name === 'string' ? [{ name, node, family: node.type.description.family }] : [];
  });
  return {
    document: migrated,
    nodes,
    indexById,
    arms: new Map(borders.filter(({ family }) => family === 'output').map(({ name, node }) => [name, node.index])),
    inputs: new Map(
      borders
        .filter(({ family }) => family === 'input')
        .map(({ name, node }) => [name, { node: node.index, kind: node.outputs[0]?.kind ?? 'text' }]),
    ),
    bodies: planBodies(inlined, indexById),
    references: inlined.references,
  };
}

function refuseErrors(problems: readonly Problem[]): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new FlowInvalidError(errors);
}

/** People have drawn neither the nodes nor the wires of a flow that stands within theirs: they can look at its place. */
function placeAsDrawn(problem: Problem): Problem {
  if (problem.node === null) return problem;
  const [drawn = problem.node, ...inner] = problem.node.split('/');
  const isOwn = inner.length === 0 && !problem.path.startsWith('/edges/');
  return isOwn ? problem : { ...problem, node: drawn, path: `/nodes/${drawn}` };
}

function planBodies({ bodies }: InlinedFlow, indexById: ReadonlyMap<string, number>): Plan['bodies'] {
  const placeOf = (id: string) => indexById.get(id) ?? -1;
  return new Map(
    [...bodies].map(([id, { item, output, inputs }]) => [
      placeOf(id),
      {
        item,
        output: placeOf(output),
        inputs: new Map([...inputs].map(([name, inputId]) => [name, placeOf(inputId)])),
      },
    ]),
  );
}

/** What only the types' own schemas know: their refinements. Those that the JSON Schema finds as well come once. */
function checkBySchemas(document: FlowDocument, nodeTypes: NodeTypes): readonly Problem[] {
  return Object.entries(document.nodes).flatMap(([id, node]) => {
    const type = nodeTypes.get(node.type);
    if (type === undefined || checkSettings(id, node, type.description).some(({ severity }) => severity === 'error')) {
      return [];
    }
    return checkSettings(id, node, type.description, type.settings);
  });
}

type NodePlanning = {
  readonly node: GraphNode;
  readonly type: NodeType;
  readonly index: number;
  readonly times: BindingTimes;
  readonly indexById: ReadonlyMap<string, number>;
  readonly graph: FlowGraph;
};

function planNode(planning: NodePlanning): PlannedNode {
  const { node, type, index, times } = planning;
  const settings = type.settings.parse(node.node.settings);
  const outputs = planOutputs(planning);
  return {
    index,
    id: node.id,
    ownId: node.id.slice(node.id.lastIndexOf('/') + 1),
    title: nameNode(node.node, node.description),
    type,
    role: findRole(type, outputs),
    time: readTime(times.nodes.get(node.id)),
    settings,
    distinctSettings: findDistinctSettings(type.settings, settings),
    inputs: planInputs(planning),
    outputs,
  };
}

function findRole({ behaviour }: NodeType, outputs: readonly PlannedOutput[]): PlannedRole {
  if (behaviour.role !== 'run') return behaviour.role;
  return outputs.some(({ stream }) => stream) ? 'stream' : 'value';
}

function planInputs({ node, times, indexById, graph }: NodePlanning): readonly PlannedInput[] {
  return Object.entries(node.ports.inputs).map(([name, input]) => {
    const wires = node.incoming.filter(({ to }) => to.port === name);
    const sources: PlannedSource[] = wires.map(({ from }) => ({
      node: indexById.get(from.node) ?? -1,
      port: from.port,
      time: readTime(times.outputs.get(formatPortAddress(from))),
    }));
    const [wire] = wires;
    const arriving = wire && graph.nodes.get(wire.from.node)?.ports.outputs[wire.from.port]?.kind;
    const kind = arriving ?? input.kinds[0] ?? 'json';
    return {
      name,
      variable: !Object.hasOwn(node.description.inputs, name),
      required: input.required,
      acceptsSkipped: input.acceptsSkipped ?? false,
      stream: isStreamKind(kind),
      kind,
      sources,
    };
  });
}

function planOutputs({ node, times, indexById }: NodePlanning): readonly PlannedOutput[] {
  return Object.entries(node.ports.outputs).map(([name, output]) => ({
    name,
    kind: output.kind,
    stream: isStreamKind(output.kind),
    static: output.static,
    time: readTime(times.outputs.get(formatPortAddress({ node: node.id, port: name }))),
    consumers: node.outgoing.filter(({ from }) => from.port === name).map(({ to }) => indexById.get(to.node) ?? -1),
  }));
}

/** Every node and output of the graph has a time; this only satisfies the map's type. */
function readTime(time: BindingTime | undefined): BindingTime {
  return time ?? 'build';
}
