import type { JsonValue } from '@kumiki/flow';
import { z } from 'zod';
import { experimentSettingsSchema, experimentWarningSchema } from '../contract/experiments.ts';
import { trainedQuestionSchema } from './trained-questions.ts';

/** As an experiment keeps them: with the seed that was drawn, and the metric that was chosen. */
export const keptSettingsSchema = experimentSettingsSchema.extend({ seed: z.int(), primary: z.string() });
export type KeptSettings = z.infer<typeof keptSettingsSchema>;

const modelSchema = z.object({ host: z.string(), name: z.string(), digest: z.string().nullable() });

/** What was found out when an experiment began. */
export const findingsSchema = z.object({
  warnings: z.array(experimentWarningSchema),
  trained: z.array(trainedQuestionSchema),
  /** The machine that took the experiment on. */
  hardware: z.string(),
  judge: modelSchema.nullable(),
  embedding: modelSchema.extend({ dimensions: z.int(), maximumTokens: z.int() }).nullable(),
});
export type Findings = z.infer<typeof findingsSchema>;

/** The edges back from the store. */
export function readSettings(settings: JsonValue): KeptSettings {
  return keptSettingsSchema.parse(settings);
}

export function readFindings(findings: JsonValue): Findings {
  return findingsSchema.parse(findings);
}
