import { type Build, findProgram, hashJson, type Plan, type Program, refuseActing, type Step } from '@kumiki/engine';
import type { JsonValue } from '@kumiki/flow';
import { type ChatModelValue, KumikiError } from '@kumiki/node-sdk';
import { type Database, readBuild, readFlow, readVersion } from '@kumiki/store';
import { z } from 'zod';
import type { armRequestSchema } from '../contract/experiments.ts';
import type { Plans } from '../runs/plans.ts';
import { readStoredBuild } from '../runs/stored-build.ts';

export type ArmRequest = z.infer<typeof armRequestSchema>;

/** An arm as it was found when its experiment began: all that a report has to say of it, whatever becomes of its flow. */
export type Arm = z.infer<typeof armSchema>;

const modelSchema = z.object({
  node: z.string(),
  purpose: z.enum(['chat', 'embedding']),
  host: z.string(),
  name: z.string(),
  digest: z.string().nullable(),
  adapter: z.string().nullable(),
  quantisation: z.string().nullable(),
});

const armSchema = z.object({
  key: z.string(),
  name: z.string(),
  kind: z.enum(['base', 'retrieval', 'tuned', 'tuned-retrieval']),
  flow: z.string(),
  flowName: z.string(),
  version: z.int(),
  versionSha256: z.string(),
  build: z.int(),
  output: z.string(),
  fingerprints: z.array(z.object({ node: z.string(), nodeType: z.string(), fingerprint: z.string() })),
  models: z.array(modelSchema),
  sampling: z.array(z.object({ node: z.string(), settings: z.record(z.string(), z.unknown()) })),
  /** What the output says where nothing was found. */
  whenNothing: z.string(),
});

/** The edge back from the store. */
export function readArms(arms: JsonValue): readonly Arm[] {
  return z.array(armSchema).parse(arms);
}

export type OpenArm = { readonly arm: Arm; readonly plan: Plan; readonly build: Build; readonly program: Program };

type ArmParts = {
  readonly database: Database;
  readonly plans: Plans;
  /** How the host describes a model's weights; null where it does not, or is away. */
  readonly findQuantisation: (model: { readonly host: string; readonly name: string }) => Promise<string | null>;
};

/**
 * Finds the arms of an experiment. Throws `version-unknown`, `build-unknown`, `build-of-other-version`, `output-unknown`,
 * `not-built`, `acts-in-experiment`, `arm-repeated`, and `question-input-unknown` where an arm does not take the question.
 */
export async function findArms(
  parts: ArmParts,
  request: { readonly workspace: string; readonly arms: readonly ArmRequest[]; readonly input: string },
): Promise<readonly OpenArm[]> {
  const { workspace, arms, input } = request;
  const places = arms.map(({ flow, version, build, output }) => JSON.stringify([flow, version, build, output]));
  const repeated = places.findIndex((place, index) => places.indexOf(place) !== index);
  if (repeated >= 0) throw refuseRepeated(repeated);
  const found: OpenArm[] = [];
  for (const [place, arm] of arms.entries()) {
    found.push(await findArm(parts, { workspace, arm, place, input }));
  }
  return found;
}

async function findArm(
  { database, plans, findQuantisation }: ArmParts,
  asked: { readonly workspace: string; readonly arm: ArmRequest; readonly place: number; readonly input: string },
): Promise<OpenArm> {
  const { workspace, place, input } = asked;
  const { flow, version, build: number, output, name = output } = asked.arm;
  const { name: flowName } = await readFlow(database, { workspace, flow });
  const plan = await plans.find({ workspace, flow, version });
  const { documentHash } = await readVersion(database, { workspace, flow, version });
  const row = await readBuild(database, { workspace, flow, build: number });
  if (row.version !== version) throw refuseOtherVersion(place, row);
  const build = readStoredBuild(row);
  const program = findProgram(plan, build, { output });
  refuseActing(program);
  const steps = listSteps(program);
  if (!steps.some((step) => step.requestInput === input)) throw refuseInput(place, { name, input });
  const models = await Promise.all(
    findModels(plan, steps).map(async (model) => ({ ...model, quantisation: await findQuantisation(model) })),
  );
  const isTuned = models.some(({ adapter }) => adapter !== null);
  const retrieves = steps.some(({ node }) => node.type.description.family === 'retrieve');
  const whenNothing = plan.nodes[plan.arms.get(output) ?? -1]?.settings.whenNothing;
  const arm: Arm = {
    ...{ key: nameArm(place), name, flow, flowName, version, versionSha256: documentHash, build: number, output },
    kind: isTuned ? (retrieves ? 'tuned-retrieval' : 'tuned') : retrieves ? 'retrieval' : 'base',
    fingerprints: findArtifacts(plan, build, steps),
    models,
    sampling: steps
      .filter(({ node }) => node.type.description.family === 'generate')
      .map(({ node }) => ({ node: node.id, settings: { ...node.settings } })),
    whenNothing: typeof whenNothing === 'string' ? whenNothing : '',
  };
  return { arm, plan, build, program };
}

/** Opens arms again that an experiment has kept. Throws what `findProgram` throws, and `version-unknown`, `build-unknown`. */
export function openArms(
  { plans }: Pick<ArmParts, 'plans'>,
  workspace: string,
  arms: readonly Arm[],
): Promise<readonly OpenArm[]> {
  return Promise.all(
    arms.map(async (arm) => {
      const { flow, version, output } = arm;
      const plan = await plans.find({ workspace, flow, version });
      const build = await plans.findBuild({ workspace, flow, build: arm.build });
      return { arm, plan, build, program: findProgram(plan, build, { output }) };
    }),
  );
}

/** Steps of a program, with those of flows that it asks for every item of a list. */
export function listSteps({ steps }: Program): readonly Step[] {
  return steps.flatMap((step) => [step, ...(step.body === null ? [] : listSteps(step.body.program))]);
}

/** What an arm answers by: where that changes, a model may have to be loaded. */
export function nameModels({ models }: Arm): string {
  const chats = models.filter(({ purpose }) => purpose === 'chat');
  return hashJson(chats.map(({ host, name, digest, adapter }) => [host, name, digest, adapter]));
}

function nameArm(place: number): string {
  return `arm-${place + 1}`;
}

const chatSchema = z.object({
  host: z.string(),
  name: z.string(),
  digest: z.string().nullable(),
  adapter: z.object({ digest: z.string() }).nullable().default(null),
});
const indexSchema = z.object({ embeddingModel: chatSchema.omit({ adapter: true }) });

type FoundModel = Omit<Arm['models'][number], 'quantisation'>;

/** Models that a question reaches: chats as they are wired, embedding models by the index that remembers them. */
function findModels(plan: Plan, steps: readonly Step[]): readonly FoundModel[] {
  const found = new Map<string, FoundModel>();
  for (const { inputs } of steps) {
    for (const { planned, sources } of inputs) {
      for (const [place, source] of sources.entries()) {
        if (source.from !== 'build') continue;
        const node = plan.nodes[planned.sources[place]?.node ?? -1]?.id ?? '';
        const chat = planned.kind === 'chat-model' ? chatSchema.safeParse(source.value).data : undefined;
        const index = planned.kind === 'index' ? indexSchema.safeParse(source.value).data : undefined;
        if (chat !== undefined) {
          const { host, name, digest, adapter } = chat;
          found.set(`chat ${node}`, { node, purpose: 'chat', host, name, digest, adapter: adapter?.digest ?? null });
        }
        if (index !== undefined) {
          found.set(`embedding ${node}`, { node, purpose: 'embedding', ...index.embeddingModel, adapter: null });
        }
      }
    }
  }
  return [...found.values()];
}

/** What was built for the arm: the artifacts that its questions read, and all upstream of them. */
function findArtifacts(plan: Plan, build: Build, steps: readonly Step[]): Arm['fingerprints'] {
  const needed = new Set<number>();
  for (const { node } of steps) {
    for (const { sources } of node.inputs) for (const source of sources) needed.add(source.node);
  }
  for (const place of needed) {
    for (const { sources } of plan.nodes[place]?.inputs ?? []) for (const source of sources) needed.add(source.node);
  }
  return [...needed]
    .toSorted((one, other) => one - other)
    .flatMap((place) => {
      const node = plan.nodes[place]?.id ?? '';
      const built = build.nodes[node];
      return built === undefined ? [] : [{ node, nodeType: built.nodeType, fingerprint: built.fingerprint }];
    });
}

/** The chat model that an adapter of an arm lies over, as it is wired. */
export function findTunedModels({ program }: OpenArm): readonly ChatModelValue[] {
  return listSteps(program).flatMap(({ inputs }) =>
    inputs.flatMap(({ planned, sources }) =>
      sources.flatMap((source) => {
        if (source.from !== 'build' || planned.kind !== 'chat-model') return [];
        // Kinds of ports hold: what arrives at a chat model's is one.
        const model = source.value as ChatModelValue | undefined;
        return model === undefined || model.adapter === null ? [] : [model];
      }),
    ),
  );
}

function refuseRepeated(place: number): KumikiError {
  return new KumikiError({
    code: 'arm-repeated',
    status: 422,
    path: `/arms/${place}`,
    message: {
      en: 'The same arm is there twice. Ask it several times by repetitions instead.',
      ja: '同じ案が 2 回指定されています。同じ案に何度も質問するには、繰り返し回数を増やしてください。',
    },
  });
}

function refuseOtherVersion(
  place: number,
  { number, version }: { readonly number: number; readonly version: number },
): KumikiError {
  return new KumikiError({
    code: 'build-of-other-version',
    status: 422,
    path: `/arms/${place}/build`,
    message: {
      en: `Build ${number} is one of version ${version}. Name that version in the arm.`,
      ja: `構築 ${number} は版 ${version} のものです。案の版に ${version} を指定してください。`,
    },
  });
}

function refuseInput(place: number, { name, input }: { readonly name: string; readonly input: string }): KumikiError {
  return new KumikiError({
    code: 'question-input-unknown',
    status: 422,
    path: `/arms/${place}`,
    message: {
      en: `The arm “${name}” takes no input “${input}”, so it cannot be asked. Say under “input” what its flow calls the question.`,
      ja: `案「${name}」には入力「${input}」がないため、質問できません。フローで質問を受け取る入力の名前を指定してください。`,
    },
  });
}
