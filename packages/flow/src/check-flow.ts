import { findBindingProblems } from './binding-problems.ts';
import { bindGraph } from './binding-time.ts';
import { checkSettings, nameNode } from './check-settings.ts';
import { type FlowDocument, type FlowNode, parsePortAddress } from './document.ts';
import { findEdgeEnds, findSiblingProblem } from './edge-problems.ts';
import { type FlowGraph, type GraphNode, type NodeTypeDescriptions, readGraph } from './flow-graph.ts';
import { formatJsonPointer } from './json-pointer.ts';
import { type NamedFlow, type NamedFlows, noNamedFlows, readFlowUse } from './named-flow.ts';
import { findNamedFlowProblems } from './named-flow-problems.ts';
import type { NodeTypeDescription } from './node-type-description.ts';
import type { Problem } from './problem.ts';
import { readSetting } from './read-setting.ts';
import { findTunedPromptProblems } from './tuned-prompt-problems.ts';

/**
 * Everything that is wrong with a flow, in the order: nodes, wires, the whole. No error among them means that the flow
 * can be planned; what only the node types' own code can judge (refinements of settings) the planner adds. `flows` are
 * the versions that it names, and those that they name.
 */
export function checkFlow(
  document: FlowDocument,
  nodeTypes: NodeTypeDescriptions,
  flows: NamedFlows = noNamedFlows,
): readonly Problem[] {
  const graph = readGraph(document, nodeTypes, flows);
  return [
    ...Object.entries(document.nodes).flatMap(([id, node]) => checkNode(id, node, nodeTypes.get(node.type))),
    ...findNamedFlowProblems(graph, flows, (flow) => checkNamedFlow(flow, nodeTypes, flows)),
    ...checkEdges(document, nodeTypes, graph, flows),
    ...[...graph.nodes.values()].flatMap((node) => findMissingInputs(node, document)),
    ...findCycles(graph),
    ...findBindingProblems(graph, bindGraph(graph)),
    ...findDuplicateNames(graph),
    ...findTunedPromptProblems(graph),
    ...findUselessNodes(graph),
  ];
}

/** Flows that are named may be named by many: each is judged once. */
const judged = new WeakMap<NamedFlow, readonly Problem[]>();

function checkNamedFlow(flow: NamedFlow, nodeTypes: NodeTypeDescriptions, flows: NamedFlows): readonly Problem[] {
  const known = judged.get(flow);
  if (known !== undefined) return known;
  const problems = checkFlow(flow.document, nodeTypes, flows);
  judged.set(flow, problems);
  return problems;
}

function checkNode(id: string, node: FlowNode, description: NodeTypeDescription | undefined): readonly Problem[] {
  if (description === undefined) {
    const name = node.title ?? id;
    return [
      {
        code: 'unknown-node-type',
        severity: 'error',
        node: id,
        path: formatJsonPointer(['nodes', id, 'type']),
        message: {
          en: `“${name}” is of the type “${node.type}”, which is not installed here. Install it, or replace the node.`,
          ja: `「${name}」の種類「${node.type}」は、このサーバーにありません。追加するか、別の部品に置き換えてください。`,
        },
      },
    ];
  }
  if (node.version > description.version) {
    const title = nameNode(node, description);
    return [
      {
        code: 'newer-node-version',
        severity: 'error',
        node: id,
        path: formatJsonPointer(['nodes', id, 'version']),
        message: {
          en: `“${title.en}” was saved by a newer Kumiki (version ${node.version} of its settings; this one knows ${description.version}). Update Kumiki, or replace the node.`,
          ja: `「${title.ja}」は新しい Kumiki で保存されています（設定のバージョン ${node.version}、この Kumiki が扱えるのは ${description.version} まで）。Kumiki を更新するか、部品を置き換えてください。`,
        },
      },
    ];
  }
  return checkSettings(id, node, description);
}

function checkEdges(
  document: FlowDocument,
  nodeTypes: NodeTypeDescriptions,
  graph: FlowGraph,
  flows: NamedFlows,
): readonly Problem[] {
  return document.edges.flatMap((edge, index) => {
    // A node of an unknown type has unknown ports, and so has one that names an unknown flow; that has been said.
    const ends = [parsePortAddress(edge.from).node, parsePortAddress(edge.to).node];
    const unclear = ends.some((id) => {
      const node = document.nodes[id];
      return node !== undefined && !hasKnownPorts(node, nodeTypes.get(node.type), flows);
    });
    if (unclear) return [];
    const found = findEdgeEnds(graph, edge, index);
    if ('code' in found) return [found];
    return findSiblingProblem(graph, found, index) ?? [];
  });
}

function hasKnownPorts(node: FlowNode, description: NodeTypeDescription | undefined, flows: NamedFlows): boolean {
  if (description === undefined) return false;
  if (!description.portRules.some(({ rule }) => rule === 'named-flow')) return true;
  const use = readFlowUse(node, description);
  return use !== null && typeof flows.find(use.reference) !== 'string';
}

function findMissingInputs(
  { id, node, description, ports, outgoing }: GraphNode,
  document: FlowDocument,
): readonly Problem[] {
  const title = nameNode(node, description);
  // Wires from nodes of unknown types count: they are there, and what is wrong with them has been said.
  const ends = document.edges.map(({ to }) => parsePortAddress(to));
  const wired = new Set(ends.filter((end) => end.node === id).map(({ port }) => port));
  const problems: Problem[] = [];
  for (const [name, input] of Object.entries(ports.inputs)) {
    if (!input.required || wired.has(name)) continue;
    problems.push({
      code: 'missing-input',
      severity: 'error',
      node: id,
      path: formatJsonPointer(['nodes', id]),
      message: {
        en: `“${input.title.en}” of “${title.en}” has no wire. Connect one.`,
        ja: `「${title.ja}」の「${input.title.ja}」に線がつながっていません。線をつないでください。`,
      },
    });
  }
  // Its outputs take their kind from its inputs, so at least one must be there.
  const unfed = description.portRules.some(
    (rule) => rule.rule === 'same-kind' && !rule.inputs.some((name) => wired.has(name)),
  );
  if (unfed && problems.length === 0 && outgoing.length > 0) {
    problems.push({
      code: 'missing-input',
      severity: 'error',
      node: id,
      path: formatJsonPointer(['nodes', id]),
      message: {
        en: `No input of “${title.en}” has a wire. Connect at least one.`,
        ja: `「${title.ja}」の入力に線がつながっていません。少なくとも 1 本つないでください。`,
      },
    });
  }
  return problems;
}

function findCycles(graph: FlowGraph): readonly Problem[] {
  const behind = new Set(graph.cyclic);
  // Nodes that only hang on a circle are not at fault: peel off what feeds nothing within it.
  for (const id of [...graph.cyclic].reverse()) {
    peelFrom(id, graph, behind);
  }
  const [first] = behind;
  const node = first === undefined ? undefined : graph.nodes.get(first);
  if (node === undefined) return [];
  const members = [...behind].map((id) => graph.nodes.get(id)).filter((member) => member !== undefined);
  const titles = members.map((member) => nameNode(member.node, member.description));
  return [
    {
      code: 'cycle',
      severity: 'error',
      node: node.id,
      path: formatJsonPointer(['nodes', node.id]),
      message: {
        en: `These nodes feed each other in a circle: ${titles.map(({ en }) => `“${en}”`).join(', ')}. Remove one of the wires between them.`,
        ja: `次の部品が輪になっています：${titles.map(({ ja }) => `「${ja}」`).join('')}。間の線を 1 本外してください。`,
      },
    },
  ];
}

function peelFrom(start: string, graph: FlowGraph, members: Set<string>): void {
  const queue = [start];
  for (const id of queue) {
    const node = graph.nodes.get(id);
    if (node === undefined || !members.has(id)) continue;
    if (node.outgoing.some(({ to }) => members.has(to.node))) continue;
    members.delete(id);
    queue.push(...node.incoming.map(({ from }) => from.node));
  }
}

function findDuplicateNames(graph: FlowGraph): readonly Problem[] {
  const named = [...graph.nodes.values()].filter(
    ({ description }) => description.family === 'input' || description.family === 'output',
  );
  const first = new Map<string, GraphNode>();
  const problems: Problem[] = [];
  for (const node of named) {
    const name = readSetting(node.node, node.description, 'name');
    if (typeof name !== 'string') continue;
    const key = `${node.description.family} ${name}`;
    const holder = first.get(key);
    if (holder === undefined) {
      first.set(key, node);
      continue;
    }
    const input = node.description.family === 'input';
    problems.push({
      code: 'duplicate-name',
      severity: 'error',
      node: node.id,
      path: formatJsonPointer(['nodes', node.id, 'settings', 'name']),
      message: {
        en: `Two ${input ? 'inputs' : 'outputs'} are called “${name}”. Give one of them another name.`,
        ja: `「${name}」という名前の${input ? '入力' : '出力'}が 2 つあります。どちらかの名前を変えてください。`,
      },
    });
  }
  return problems;
}

/** What leads to no output, no artifact and no action does nothing; a flow without outputs cannot be asked. */
function findUselessNodes(graph: FlowGraph): readonly Problem[] {
  const problems: Problem[] = [];
  const nodes = [...graph.nodes.values()];
  if (!nodes.some(({ description }) => description.family === 'output')) {
    problems.push({
      code: 'no-output',
      severity: 'warning',
      node: null,
      path: '/nodes',
      message: {
        en: 'This flow has no output, so it cannot answer. Add an output node.',
        ja: 'このフローには出力がないため、質問に答えられません。出力の部品を追加してください。',
      },
    });
  }
  const useful = new Set(
    nodes
      .filter(
        ({ description }) =>
          description.family === 'output' || description.makesArtifact || description.effect === 'acts',
      )
      .map(({ id }) => id),
  );
  for (const id of useful) {
    for (const { from } of graph.nodes.get(id)?.incoming ?? []) useful.add(from.node);
  }
  for (const { id, node, description } of nodes) {
    if (useful.has(id)) continue;
    const title = nameNode(node, description);
    problems.push({
      code: 'unused-node',
      severity: 'warning',
      node: id,
      path: formatJsonPointer(['nodes', id]),
      message: {
        en: `“${title.en}” leads to no output, so it never runs. Connect it, or delete it.`,
        ja: `「${title.ja}」はどの出力にもつながっていないため、実行されません。つなぐか、削除してください。`,
      },
    });
  }
  return problems;
}
