import { nameNode } from './check-settings.ts';
import type { FlowGraph, GraphNode } from './flow-graph.ts';
import { formatJsonPointer } from './json-pointer.ts';
import type { PortKind } from './port-kinds.ts';
import type { Problem } from './problem.ts';
import { isRecord, readSetting } from './read-setting.ts';

/**
 * A model learns in the words of one prompt, and is asked in those of another: it answers, but worse than it could.
 * A template counts as the same where it is the same node, or has equal settings.
 */
export function findTunedPromptProblems(graph: FlowGraph): readonly Problem[] {
  return [...graph.nodes.values()].flatMap((node) => {
    const tuner = findFeeder(graph, node, 'chat-model');
    if (tuner === null || !tuner.description.makesArtifact || !takesTemplate(tuner)) return [];
    const serving = findFeeder(graph, node, 'messages');
    if (serving === null || !givesTemplate(serving)) return [];
    const trained = findFeeder(graph, tuner, 'prompt-template');
    if (trained === null ? isPlain(serving) : hasEqualSettings(trained, serving)) return [];
    return [describeProblem({ node, tuner, serving, trained })];
  });
}

/** The node that feeds an input with a value of a kind. */
function findFeeder(graph: FlowGraph, node: GraphNode, kind: PortKind): GraphNode | null {
  for (const { from } of node.incoming) {
    const feeder = graph.nodes.get(from.node);
    if (feeder?.ports.outputs[from.port]?.kind === kind) return feeder;
  }
  return null;
}

function takesTemplate({ ports }: GraphNode): boolean {
  return Object.values(ports.inputs).some(({ kinds }) => kinds.includes('prompt-template'));
}

function givesTemplate({ ports }: GraphNode): boolean {
  return Object.values(ports.outputs).some(({ kind }) => kind === 'prompt-template');
}

function hasEqualSettings(one: GraphNode, other: GraphNode): boolean {
  if (one.id === other.id) return true;
  if (one.node.type !== other.node.type) return false;
  return listSettings(one).every(
    (name) => readSetting(one.node, one.description, name) === readSetting(other.node, other.description, name),
  );
}

/** All at its default: it hands the message on as it is. */
function isPlain({ node, description }: GraphNode): boolean {
  const bare = { settings: {} };
  return Object.keys(node.settings).every(
    (name) => readSetting(node, description, name) === readSetting(bare, description, name),
  );
}

function listSettings({ description }: GraphNode): readonly string[] {
  const { properties } = description.settingsSchema;
  return isRecord(properties) ? Object.keys(properties) : [];
}

function describeProblem(of: {
  readonly node: GraphNode;
  readonly tuner: GraphNode;
  readonly serving: GraphNode;
  readonly trained: GraphNode | null;
}): Problem {
  const [node, tuner, serving] = [of.node, of.tuner, of.serving].map((one) => nameNode(one.node, one.description));
  const learnt = of.trained === null ? null : nameNode(of.trained.node, of.trained.description);
  return {
    code: 'other-prompt-than-trained',
    severity: 'warning',
    node: of.node.id,
    path: formatJsonPointer(['nodes', of.node.id]),
    message: {
      en:
        learnt === null
          ? `“${node?.en}” asks the model of “${tuner?.en}” in the words of “${serving?.en}”, but it learns from the messages as they are. Connect the template of “${serving?.en}” to “${tuner?.en}”.`
          : `“${node?.en}” asks the model of “${tuner?.en}” in the words of “${serving?.en}”, but it learns in those of “${learnt.en}”. Connect the same prompt to both.`,
      ja:
        learnt === null
          ? `「${node?.ja}」は「${tuner?.ja}」のモデルに「${serving?.ja}」の文面で質問しますが、学習にはひな形が使われていません。「${serving?.ja}」のひな形を「${tuner?.ja}」につないでください。`
          : `「${node?.ja}」は「${tuner?.ja}」のモデルに「${serving?.ja}」の文面で質問しますが、学習には「${learnt.ja}」が使われています。両方に同じプロンプトをつないでください。`,
    },
  };
}
