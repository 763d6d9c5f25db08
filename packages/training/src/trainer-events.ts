import { z } from 'zod';

const count = z.int().min(0);

/** What the trainer says, a line each; its README explains them. Fields of a newer trainer are let go. */
export const trainerEventSchema = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('state'),
    state: z.enum(['preparing', 'training', 'saving']),
    share: z.number().min(0).max(1).nullable(),
  }),
  z.object({
    event: z.literal('plan'),
    steps: count,
    resumedFrom: count,
    rows: z.object({ train: count, evaluation: count }),
    tokens: z.object({ train: count, trained: count }),
    device: z.string(),
    precision: z.string(),
  }),
  z.object({
    event: z.literal('row-left-out'),
    id: z.string(),
    reason: z.enum(['no-trained-tokens', 'role-order', 'too-long']),
  }),
  z.object({
    event: z.literal('point'),
    step: count,
    loss: z.number().optional(),
    evaluationLoss: z.number().optional(),
    learningRate: z.number().optional(),
    gradientNorm: z.number().optional(),
    tokensPerSecond: z.number().optional(),
    memory: z.number().optional(),
    deviceMemory: z.number().optional(),
    remainingSeconds: z.number().nullish(),
    at: z.number().optional(),
  }),
  z.object({
    event: z.literal('row'),
    id: z.string(),
    tokens: z.array(z.object({ id: z.int(), text: z.string(), trained: z.boolean() })),
  }),
  z.object({ event: z.literal('samples'), step: count, answers: z.array(z.string()) }),
  z.object({ event: z.literal('checkpoint'), step: count }),
  z.object({
    event: z.literal('end'),
    steps: count.optional(),
    stopped: z.enum(['complete', 'early', 'asked']).optional(),
    evaluationLoss: z.object({ before: z.number(), best: z.number(), step: count }).nullish(),
    seconds: z.number().optional(),
    /** Of all processors that worked, and of all GPUs that were held. */
    processorSeconds: z.number().optional(),
    deviceSeconds: z.number().optional(),
    peakMemory: z.number().optional(),
    output: z.string().optional(),
  }),
  z.object({ event: z.literal('error'), code: z.string(), detail: z.string() }),
]);

export type TrainerEvent = z.infer<typeof trainerEventSchema>;
export type TrainerPoint = Extract<TrainerEvent, { event: 'point' }>;
export type TrainerPlan = Extract<TrainerEvent, { event: 'plan' }>;
export type TrainerEnd = Extract<TrainerEvent, { event: 'end' }>;
