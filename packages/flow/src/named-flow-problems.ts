import { nameNode } from './check-settings.ts';
import type { FlowGraph, GraphNode } from './flow-graph.ts';
import { formatJsonPointer } from './json-pointer.ts';
import {
  type FlowUse,
  findItemInput,
  mostInlinedNodes,
  type NamedFlow,
  type NamedFlowFault,
  type NamedFlows,
  readFlowUse,
} from './named-flow.ts';
import type { LocalisedText } from './node-type-description.ts';
import type { Problem, ProblemCode } from './problem.ts';

/** What is wrong with the flows that nodes name. `check` judges a flow that is named; each is judged once. */
export function findNamedFlowProblems(
  graph: FlowGraph,
  flows: NamedFlows,
  check: (flow: NamedFlow) => readonly Problem[],
): readonly Problem[] {
  let inlined = 0;
  return [...graph.nodes.values()].flatMap((node) => {
    const use = readFlowUse(node.node, node.description);
    if (use === null) return [];
    const found = flows.find(use.reference);
    inlined += typeof found === 'string' ? 0 : found.size;
    const named = inlined > mostInlinedNodes ? 'too-deep' : found;
    return findUseProblem({ node, use, named, check }) ?? [];
  });
}

type Use = {
  readonly node: GraphNode;
  readonly use: FlowUse;
  readonly named: NamedFlow | NamedFlowFault;
  readonly check: (flow: NamedFlow) => readonly Problem[];
};

function findUseProblem({ node, use, named, check }: Use): Problem | null {
  const title = nameNode(node.node, node.description);
  const { version } = use.reference;
  const refuse = (code: ProblemCode, setting: string, message: LocalisedText): Problem => ({
    code,
    severity: 'error',
    node: node.id,
    path: formatJsonPointer(['nodes', node.id, 'settings', setting]),
    message,
  });
  if (named === 'unread') return null;
  if (named === 'unknown') {
    return refuse('unknown-flow-version', 'flow', {
      en: `“${title.en}” names version ${version} of a flow that is not there. Choose a flow and one of its versions.`,
      ja: `「${title.ja}」が指しているフローの版 ${version} はありません。フローと版を選び直してください。`,
    });
  }
  if (named === 'recursive') {
    return refuse('recursive-flow', 'flow', {
      en: `“${title.en}” names a flow that comes back to itself. Choose a version that does not.`,
      ja: `「${title.ja}」が指しているフローは、たどると自分自身に戻ります。戻らない版を選んでください。`,
    });
  }
  if (named === 'too-deep') {
    return refuse('recursive-flow', 'flow', {
      en: `With the flow that “${title.en}” names, there are too many flows within each other. Put fewer into one another.`,
      ja: `「${title.ja}」が指しているフローを入れると、フローの入れ子が多すぎます。入れ子を減らしてください。`,
    });
  }
  if (!named.outputs.has(use.output)) {
    const names = [...named.outputs.keys()].join(', ');
    if (names === '') {
      return refuse('unknown-flow-output', 'output', {
        en: `The flow that “${title.en}” names gives no answer. Add an output to it, and choose a version that has one.`,
        ja: `「${title.ja}」が指しているフローには出力がありません。出力を置いた版を選んでください。`,
      });
    }
    return refuse('unknown-flow-output', 'output', {
      en: `The flow that “${title.en}” names has no output “${use.output}”. It has: ${names}.`,
      ja: `「${title.ja}」が指しているフローに「${use.output}」という出力はありません。あるのは：${names}`,
    });
  }
  if (use.perItem && findItemInput(use, named) === null) {
    const names = named.inputs.map(({ name }) => name).join(', ');
    if (names === '') {
      return refuse('unknown-flow-input', 'item', {
        en: `The flow that “${title.en}” names takes nothing, so it cannot be asked for every item. Add an input to it, and choose a version that has one.`,
        ja: `「${title.ja}」が指しているフローには入力がないため、要素ごとに実行できません。入力を置いた版を選んでください。`,
      });
    }
    return refuse('unknown-flow-input', 'item', {
      en: `“${title.en}” does not say which input of its flow gets the item. Choose one of: ${names}.`,
      ja: `「${title.ja}」で、要素を受け取る入力が決まっていません。次から選んでください：${names}`,
    });
  }
  const item = findItemInput(use, named);
  const taken = named.inputs.find(({ name }) => name !== item && Object.hasOwn(node.description.inputs, name));
  if (taken !== undefined) {
    return refuse('unknown-flow-input', 'flow', {
      en: `The flow that “${title.en}” names has an input “${taken.name}”, as this node has itself. Give that input another name.`,
      ja: `「${title.ja}」が指しているフローの入力「${taken.name}」は、この部品の入力と同じ名前です。フロー側の入力の名前を変えてください。`,
    });
  }
  const inner = check(named).find(({ severity }) => severity === 'error');
  if (inner === undefined) return null;
  return refuse('unsound-flow', 'version', {
    en: `The flow that “${title.en}” names cannot run. ${inner.message.en} Then make a version and choose that.`,
    ja: `「${title.ja}」が指しているフローは実行できません。${inner.message.ja}直してから版をつくり、その版を選んでください。`,
  });
}
