import type { BindingTimes } from './binding-time.ts';
import { nameNode } from './check-settings.ts';
import { formatPortAddress } from './document.ts';
import type { FlowGraph, GraphEdge, GraphNode } from './flow-graph.ts';
import { formatJsonPointer } from './json-pointer.ts';
import { isStreamKind } from './port-kinds.ts';
import type { Problem } from './problem.ts';

/** Where slow work done once and fast work done for every question are wired in a way that cannot be. */
export function findBindingProblems(graph: FlowGraph, times: BindingTimes): readonly Problem[] {
  return [...graph.nodes.values()].flatMap((node) => [
    ...findReachedArtifact(node, graph, times),
    ...findCrossingStreams(node, graph, times),
    ...findActingAtBuildTime(node, times),
  ]);
}

function findReachedArtifact(node: GraphNode, graph: FlowGraph, times: BindingTimes): readonly Problem[] {
  if (!node.description.makesArtifact) return [];
  const edge = node.incoming.find(({ from }) => times.outputs.get(formatPortAddress(from)) === 'request');
  if (edge === undefined) return [];
  const title = nameNode(node.node, node.description);
  const source = nameSource(edge, graph);
  return [
    {
      code: 'input-reaches-artifact',
      severity: 'error',
      node: node.id,
      path: formatJsonPointer(['edges', edge.index]),
      message: {
        en: `“${title.en}” is made once, when the flow is built, but “${source.en}” gives it something that changes with every question. Feed it from a node that loads documents; a file in a question goes through “Read file” into a prompt.`,
        ja: `「${title.ja}」は構築時に 1 回だけつくられますが、「${source.ja}」からは質問のたびに変わる値が届きます。文書を読み込む部品からつないでください。質問に添えるファイルは、「ファイルの読み取り」を通してプロンプトに入れます。`,
      },
    },
  ];
}

function findCrossingStreams(node: GraphNode, graph: FlowGraph, times: BindingTimes): readonly Problem[] {
  if (times.nodes.get(node.id) !== 'request') return [];
  return node.incoming
    .filter(({ from }) => {
      const output = graph.nodes.get(from.node)?.ports.outputs[from.port];
      return (
        output !== undefined && isStreamKind(output.kind) && times.outputs.get(formatPortAddress(from)) === 'build'
      );
    })
    .map((edge) => {
      const title = nameNode(node.node, node.description);
      const source = nameSource(edge, graph);
      return {
        code: 'stream-crosses-binding-time',
        severity: 'error',
        node: node.id,
        path: formatJsonPointer(['edges', edge.index]),
        message: {
          en: `“${title.en}” runs for every question and cannot read all of “${source.en}” each time. Put an index between them, or feed it from the question alone.`,
          ja: `「${title.ja}」は質問のたびに動くため、「${source.ja}」のすべてを毎回読むことはできません。間に索引を置くか、質問につながる部品だけからつないでください。`,
        },
      };
    });
}

function findActingAtBuildTime(node: GraphNode, times: BindingTimes): readonly Problem[] {
  const [edge] = node.outgoing;
  if (node.description.effect !== 'acts' || edge === undefined || times.nodes.get(node.id) !== 'build') return [];
  const title = nameNode(node.node, node.description);
  return [
    {
      code: 'acts-at-build-time',
      severity: 'error',
      node: node.id,
      path: formatJsonPointer(['edges', edge.index]),
      message: {
        en: `“${title.en}” changes something outside and runs with every build, so nothing that is built may depend on it. Remove the wire behind it, or let the question reach it.`,
        ja: `「${title.ja}」は外部に変更を加え、構築のたびに実行されるため、その結果を構築に使うことはできません。後ろの線を消すか、質問からつないでください。`,
      },
    },
  ];
}

function nameSource(edge: GraphEdge, graph: FlowGraph) {
  const source = graph.nodes.get(edge.from.node);
  return source === undefined ? { en: edge.from.node, ja: edge.from.node } : nameNode(source.node, source.description);
}
