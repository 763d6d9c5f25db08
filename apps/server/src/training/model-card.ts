import type { ChatModelValue, Trained, TrainingJob } from '@kumiki/node-sdk';
import type { TunedModelRow } from '@kumiki/store';
import type { z } from 'zod';
import type { modelCardSchema } from '../contract/tuned-models.ts';

export type ModelCard = z.infer<typeof modelCardSchema>;

/** What people have to know of a model that was trained here. */
export function writeCard(of: {
  readonly model: ChatModelValue;
  readonly job: TrainingJob;
  readonly trained: Trained;
  readonly licence: string | null;
}): ModelCard {
  const { model, job, trained, licence } = of;
  const { adapter, ...rest } = trained;
  return {
    base: { name: model.name, digest: adapter.base, licence },
    dataset: { sha256: job.dataset.sha256, examples: { ...job.dataset.examples } },
    prompt: adapter.prompt === null ? null : { ...adapter.prompt },
    settings: { ...job.settings },
    training: { ...rest, rows: { ...rest.rows }, tokens: { ...rest.tokens }, curve: [...rest.curve] },
  };
}

/** Of a model that somebody brought along: what its base is, and nothing else is known. */
export function writeUploadedCard(base: ModelCard['base']): ModelCard {
  return { base, dataset: null, prompt: null, settings: null, training: null };
}

/** The edge back: what the two above wrote. */
export function readCard({ card }: TunedModelRow): ModelCard {
  return card as unknown as ModelCard;
}

/** The card as the README of a downloaded folder, in the form that the hub shows. */
export function formatCard(name: string, card: ModelCard): string {
  const { base, dataset, settings, training, prompt } = card;
  const lines = [
    '---',
    'library_name: peft',
    ...(base.licence === null ? [] : [`license: ${JSON.stringify(base.licence.toLowerCase())}`]),
    '---',
    `# ${name}`,
    '',
    `- Base model: ${base.name}`,
    `- Base weights: \`${base.digest}\``,
    `- Licence of the base: ${base.licence ?? 'unknown'}`,
  ];
  if (dataset !== null) {
    const { train, evaluation } = dataset.examples;
    lines.push(
      `- Data set: \`sha256:${dataset.sha256}\`, ${train} examples to learn from, ${evaluation} to evaluate on`,
    );
  }
  if (training !== null) {
    const { steps, seconds, hardware, precision, stopped, evaluationLoss, energy } = training;
    lines.push(`- Training: ${steps} steps (${stopped}) in ${Math.round(seconds)} s on ${hardware}, ${precision}`);
    for (const [who, joules] of [
      ['processors', energy?.processorJoules],
      ['GPUs', energy?.deviceJoules],
    ] as const) {
      if (joules) lines.push(`- Energy of ${who}: ${(joules / 3.6e6).toPrecision(3)} kWh`);
    }
    if (evaluationLoss !== null) {
      lines.push(
        `- Evaluation loss: ${evaluationLoss.before.toFixed(4)} before, ${evaluationLoss.best.toFixed(4)} after`,
      );
    }
  }
  if (settings !== null) lines.push('', '## Settings', '', '```json', JSON.stringify(settings, null, 2), '```');
  if (prompt !== null) {
    lines.push('', '## Prompt', '', 'Trained with, and meant to be asked with:', '');
    if (prompt.system !== '') lines.push('```text', prompt.system, '```', '');
    lines.push('```text', prompt.template, '```');
  }
  return `${lines.join('\n')}\n`;
}
