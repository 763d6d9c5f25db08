import type { DataSetAccess, DataSetValue, Example, PromptTemplateValue, TrainingRow } from '@kumiki/node-sdk';
import { type LoraSettings, loraSettings } from './lora-settings.ts';
import { findTemplateRoles, renderExample, type TemplateRoles } from './render-example.ts';

/** A template, and which of its variables stand for what examples hold. */
export type TrainingPrompt = { readonly template: PromptTemplateValue; readonly roles: TemplateRoles };

/** What a fine-tune node makes of one example: rows, and answers of which the template could make none. */
export type RenderedExample = {
  /** Of the data set, from 1. */
  readonly line: number;
  readonly id: string;
  readonly split: Example['split'];
  readonly rows: readonly TrainingRow[];
  readonly leftOut: number;
};

/** Throws `template-variable-unknown`. */
export function readTrainingPrompt(
  { questionVariable, passagesVariable }: LoraSettings,
  template: PromptTemplateValue | null,
): TrainingPrompt | null {
  if (template === null) return null;
  return { template, roles: findTemplateRoles(template, { question: questionVariable, passages: passagesVariable }) };
}

/** All of a data set, rendered as it is learnt, in its order. Throws `dataset-missing`. */
export async function* renderDataSet(
  dataset: DataSetValue,
  prompt: TrainingPrompt | null,
  { datasets, signal }: { readonly datasets: Pick<DataSetAccess, 'read'>; readonly signal: AbortSignal },
): AsyncGenerator<RenderedExample> {
  let line = 0;
  for await (const example of datasets.read(dataset)) {
    signal.throwIfAborted();
    line += 1;
    yield { line, id: example.id, split: example.split, ...renderExample(example, prompt) };
  }
}

/** What the settings of a fine-tune node say of what it learns from. Throws where they are none. */
export function readLearning(settings: unknown) {
  const parsed = loraSettings.parse(settings);
  const { maximumLength } = parsed;
  return {
    maximumLength,
    base: readBaseName(parsed),
    readPrompt: (template: PromptTemplateValue | null) => readTrainingPrompt(parsed, template),
  };
}

/** Where the weights are; null where the model itself says. */
export function readBaseName({ base }: LoraSettings): string | null {
  return base.trim() === '' ? null : base.trim();
}
