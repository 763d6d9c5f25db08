import {
  createRoute,
  idParameter,
  idSchema,
  jsonAnswer,
  jsonBody,
  listQuerySchema,
  pageOf,
  problemAnswer,
  timeSchema,
  z,
} from './shared.ts';

const countsSchema = z.object({ train: z.int(), evaluation: z.int() });

export const energySchema = z
  .object({ processorJoules: z.number().nullable(), deviceJoules: z.number().nullable() })
  .openapi({ description: 'Of the whole machine while it trained: of processors and of GPUs. Null: it does not tell' });

export const modelCardSchema = z
  .object({
    base: z.object({ name: z.string(), digest: z.string(), licence: z.string().nullable() }),
    dataset: z.object({ sha256: z.string(), examples: countsSchema }).nullable(),
    prompt: z
      .object({ system: z.string(), template: z.string() })
      .nullable()
      .openapi({ description: 'The template that it was trained with, and wants to be asked with' }),
    settings: z
      .object({
        rank: z.int(),
        alpha: z.number(),
        dropout: z.number(),
        learningRate: z.number(),
        schedule: z.enum(['cosine', 'linear', 'constant']),
        warmup: z.number(),
        epochs: z.int(),
        batchSize: z.int(),
        maximumLength: z.int(),
        evaluationsPerEpoch: z.int(),
        patience: z.int(),
        seed: z.int(),
        precision: z.enum(['auto', 'float32', 'bfloat16', 'float16']),
        quantisation: z.enum(['none', 'nf4']),
      })
      .nullable(),
    training: z
      .object({
        steps: z.int(),
        stopped: z.enum(['complete', 'early', 'asked']),
        evaluationLoss: z.object({ before: z.number(), best: z.number() }).nullable(),
        seconds: z.number(),
        rows: countsSchema,
        tokens: z.object({ train: z.int(), trained: z.int() }),
        hardware: z.string(),
        device: z.enum(['cpu', 'cuda']),
        precision: z.string(),
        peakMemory: z.number().nullable(),
        work: z
          .object({ processorSeconds: z.number().nullable(), deviceSeconds: z.number().nullable() })
          .optional()
          .openapi({ description: 'Seconds of processors and of GPUs; left out by trainings before it was measured' }),
        energy: energySchema.optional(),
        curve: z
          .array(z.object({ step: z.int(), loss: z.number().optional(), evaluationLoss: z.number().optional() }))
          .optional()
          .openapi({ description: 'Losses by step, thinned where there are many. Lists leave it out' }),
      })
      .nullable(),
  })
  .openapi('ModelCard', { description: 'What is not known of a model that somebody brought along is null' });

export const tunedModelSchema = z
  .object({
    id: idSchema,
    name: z.string().nullable(),
    origin: z.enum(['trained', 'uploaded']),
    digest: z.string(),
    bytes: z.int(),
    base: z.object({ host: z.string(), name: z.string(), digest: z.string().nullable() }),
    card: modelCardSchema,
    run: idSchema.nullable().openapi({ description: 'The run that trained it' }),
    node: z.string().nullable(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .openapi('TunedModel');

const nameSchema = z.string().trim().min(1).max(120);

export const listTunedModels = createRoute({
  method: 'get',
  path: '/api/tuned-models',
  tags: ['tuned models'],
  request: {
    query: listQuerySchema.extend({ digest: z.string().optional().openapi({ description: 'Only the one with it' }) }),
  },
  responses: { 200: jsonAnswer(pageOf(tunedModelSchema), 'Newest first') },
});

export const uploadTunedModel = createRoute({
  method: 'post',
  path: '/api/tuned-models',
  tags: ['tuned models'],
  description:
    'The body is a ZIP file of a PEFT folder: `adapter_config.json` and `adapter_model.safetensors`, plain LoRA. `host` and `model` name the base that it was trained over.',
  request: {
    query: z.object({ name: nameSchema, host: z.string().min(1).default('embedded'), model: z.string().min(1) }),
  },
  responses: {
    201: jsonAnswer(tunedModelSchema, 'Kept; the one that is there already, where its files are the same'),
    409: problemAnswer('The name is taken'),
    413: problemAnswer('Too large'),
    422: problemAnswer('It is no such file, or no such model'),
  },
});

export const getTunedModel = createRoute({
  method: 'get',
  path: '/api/tuned-models/{id}',
  tags: ['tuned models'],
  request: { params: idParameter },
  responses: { 200: jsonAnswer(tunedModelSchema, 'The tuned model'), 404: problemAnswer('No such tuned model') },
});

export const renameTunedModel = createRoute({
  method: 'patch',
  path: '/api/tuned-models/{id}',
  tags: ['tuned models'],
  request: { params: idParameter, body: jsonBody(z.object({ name: nameSchema })) },
  responses: {
    200: jsonAnswer(tunedModelSchema, 'Renamed'),
    404: problemAnswer('No such tuned model'),
    409: problemAnswer('The name is taken, or flows know the model by its old name'),
  },
});

export const deleteTunedModel = createRoute({
  method: 'delete',
  path: '/api/tuned-models/{id}',
  tags: ['tuned models'],
  request: { params: idParameter },
  responses: {
    204: { description: 'Deleted' },
    404: problemAnswer('No such tuned model'),
    409: problemAnswer('`tuned-model-in-use`: flows ask for it, or a build holds it'),
  },
});

export const downloadTunedModel = createRoute({
  method: 'get',
  path: '/api/tuned-models/{id}/file',
  tags: ['tuned models'],
  description:
    '`peft`: a ZIP file of the PEFT folder with its card as README.md; `lora`: the adapter as GGUF, to be laid over the base; `merged`: base and adapter as one GGUF file. The last two are made at the first request, which may take a minute.',
  request: {
    params: idParameter,
    query: z.object({
      form: z.enum(['peft', 'lora', 'merged']).default('peft'),
      type: z.enum(['F16', 'Q8_0']).default('F16').openapi({ description: 'Of a merged file' }),
    }),
  },
  responses: {
    200: { description: 'The bytes' },
    404: problemAnswer('No such tuned model'),
    422: problemAnswer('The file of its base is not one of the catalogue’s'),
    501: problemAnswer('The trainer, which converts, cannot be installed here'),
  },
});
