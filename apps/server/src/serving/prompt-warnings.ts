import type { PlannedInput, PlannedNode } from '@kumiki/engine';
import type { LocalisedText } from '@kumiki/flow';
import type { NodeContext, PortValue, PortValues, PromptTemplateValue } from '@kumiki/node-sdk';
import type { ServedArm } from './endpoint-table.ts';

export type PublishWarning = { readonly code: string; readonly node: string; readonly message: LocalisedText };

/**
 * Where an arm asks a tuned model with another template than it was trained with. Unlike the check of a drawn flow, this
 * knows what was built: the model may be one that people keep, and which template it learnt with stands in its value.
 */
export async function findPromptWarnings(arms: readonly ServedArm[]): Promise<readonly PublishWarning[]> {
  const warnings = new Map<string, PublishWarning>();
  for (const { plan, build } of arms) {
    for (const node of plan.nodes) {
      const trained = findValues(
        node,
        'chat-model',
        (feeder, port) => build.nodes[feeder.id]?.outputs[port],
        plan.nodes,
      )
        .map(readPrompt)
        .find((prompt) => prompt !== null);
      if (trained === undefined) continue;
      const [serving] = await Promise.all(findValues(node, 'messages', readTemplate, plan.nodes));
      if (serving === undefined || serving === null || isSame(serving, trained)) continue;
      warnings.set(node.id, describeWarning(node));
    }
  }
  return [...warnings.values()];
}

function findValues<Value>(
  node: PlannedNode,
  kind: PlannedInput['kind'],
  read: (feeder: PlannedNode, port: string) => Value,
  nodes: readonly PlannedNode[],
): Value[] {
  const inputs = node.inputs.filter((input) => input.kind === kind);
  return inputs.flatMap(({ sources }) =>
    sources.flatMap((source) => {
      const feeder = nodes[source.node];
      return feeder === undefined ? [] : [read(feeder, source.port)];
    }),
  );
}

/** A port's kind says what travels on it. */
function readPrompt(value: PortValue | undefined): PromptTemplateValue | null {
  const model = value as PortValues['chat-model'] | undefined;
  return model?.adapter?.prompt ?? null;
}

/** The template of a node that makes messages from one: it depends on settings alone, so nothing is asked for it. */
async function readTemplate({ type, settings, outputs }: PlannedNode): Promise<PromptTemplateValue | null> {
  const output = outputs.find(({ kind }) => kind === 'prompt-template');
  if (output === undefined || type.behaviour.role !== 'run' || type.behaviour.runStatic === null) return null;
  const made = await type.behaviour.runStatic({ settings, context: nothing });
  const template = made[output.name] as PortValues['prompt-template'] | undefined;
  return template ?? null;
}

/** Static values come from settings; a node that looks at anything else for them fails here, and is not warned of. */
const nothing = new Proxy({} as NodeContext, {
  get: (_, name) => {
    throw new Error(`A static value asked for ${String(name)}`);
  },
});

function isSame(one: PromptTemplateValue, other: PromptTemplateValue): boolean {
  return one.template === other.template && one.system.trim() === other.system.trim();
}

function describeWarning({ id, title }: PlannedNode): PublishWarning {
  return {
    code: 'other-prompt-than-trained',
    node: id,
    message: {
      en: `“${title.en}” asks a tuned model with another prompt than it was trained with, so it answers worse than it could. Connect the prompt of its training.`,
      ja: `「${title.ja}」は、調整済みモデルに学習時と異なるプロンプトで質問します。本来の性能が出ないため、学習に使ったプロンプトをつないでください。`,
    },
  };
}
