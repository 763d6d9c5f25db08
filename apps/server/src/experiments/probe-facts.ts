import { createHash } from 'node:crypto';
import { type Build, type BuildOptions, buildFlow, findProgram } from '@kumiki/engine';
import { scoreContainment } from '@kumiki/evals';
import type { FileAccess } from '@kumiki/node-sdk';
import { addExperimentFacts, readCollection } from '@kumiki/store';
import { z } from 'zod';
import { unknownWork } from '../models/work.ts';
import { formatOwner, logFailure } from '../runs/execute-run.ts';
import { findOrigins } from '../runs/origins.ts';
import type { OpenArm } from './arms.ts';
import { askQuestion } from './ask-question.ts';
import type { KeptSettings } from './experiment-settings.ts';
import { measureWork } from './measure-work.ts';
import { Progress } from './progress.ts';
import type { ExperimentJob } from './run-experiment.ts';

type Probe = NonNullable<KeptSettings['probe']>;

/** What became of new facts in one arm. */
export type ProbedFacts = z.infer<typeof probedFactsSchema>;

const probedFactsSchema = z.object({
  arm: z.string(),
  /** From adding them until the arm could be asked; null where what it answers from could not be made. */
  seconds: z.number().nullable(),
  retrains: z.boolean(),
  asked: z.int(),
  known: z.int(),
  /** Until the arm could be asked. */
  work: z
    .object({ processorSeconds: z.number().nullable(), deviceSeconds: z.number().nullable() })
    .default({ processorSeconds: null, deviceSeconds: null }),
});

/** The edge back from the store. */
export function readProbedFacts(facts: unknown): readonly ProbedFacts[] {
  return z.array(probedFactsSchema).parse(facts);
}

/**
 * Adds documents with new facts to what flows read from a collection, and asks arms about them. Nothing is written to the
 * collection itself, and no build is numbered: what is made for it is collected like any other artifact that nobody names.
 */
export async function probeFacts(
  job: ExperimentJob,
  of: {
    readonly probe: Probe;
    readonly arms: readonly OpenArm[];
    readonly settings: KeptSettings;
    readonly known: readonly ProbedFacts[];
  },
): Promise<void> {
  const { parts, at, emit, signal } = job;
  const { probe, known } = of;
  const arms = of.arms.filter((open) => findRemade(open, probe) !== null);
  const left = arms.filter(({ arm }) => !known.some((one) => one.arm === arm.key));
  const progress = new Progress(emit, {
    stage: 'probing',
    ...{ total: arms.length, done: arms.length - left.length, failed: 0 },
    left: new Map([['probe', left.length]]),
  });
  for (const open of left) {
    signal.throwIfAborted();
    const began = performance.now();
    const facts = await probeArm(job, open, of);
    await addExperimentFacts(parts.database, at, [facts]);
    progress.step('probe', performance.now() - began, facts.seconds === null);
  }
}

/** Nodes that have to be made again for new facts to reach an arm; null where none does, or nobody asked for that. */
function findRemade(
  { arm }: OpenArm,
  { retrain }: Probe,
): { readonly only: string[]; readonly retrain: string[] } | null {
  const nodesOf = (family: string) =>
    arm.fingerprints.flatMap(({ node, nodeType }) => (nodeType.startsWith(`${family}/`) ? [node] : []));
  const indexes = nodesOf('index');
  if (indexes.length > 0) return { only: indexes, retrain: [] };
  const tuned = nodesOf('finetune');
  return retrain && tuned.length > 0 ? { only: tuned, retrain: tuned } : null;
}

async function probeArm(
  job: ExperimentJob,
  open: OpenArm,
  { probe, settings }: { readonly probe: Probe; readonly settings: KeptSettings },
): Promise<ProbedFacts> {
  const { parts, at, signal } = job;
  const { arm, plan, build } = open;
  const { workspace, run } = at;
  const remade = findRemade(open, probe) ?? { only: [], retrain: [] };
  const retrains = remade.retrain.length > 0;
  const unanswered = { arm: arm.key, retrains, asked: probe.questions.length, known: 0 };
  const { id, name } = await readCollection(parts.database, { workspace, collection: probe.collection });
  const bind = parts.bindServices(await findOrigins(parts.database, { workspace, flow: arm.flow, plan }));
  const services: BuildOptions['services'] = (binding) => {
    const bound = bind(binding);
    return { ...bound, files: addDocuments(bound.files, { collections: [id, name], documents: probe.documents }) };
  };
  const began = performance.now();
  const { result: made, work: measured } = await measureWork(job, arm, () =>
    buildFlow({
      ...{ plan, workspace, run, services, signal, ...remade },
      ...{ artifacts: parts.artifacts, resources: parts.resources },
      owner: formatOwner({ id: run, attempt: at.attempt }),
      emit: () => {},
      onFailure: logFailure(parts.log, run),
    }),
  );
  // A trainer is a process of its own, which is no part of what was measured.
  const work = retrains ? unknownWork : measured;
  if (made.state === 'cancelled') throw signal.reason;
  if (made.state === 'failed') return { ...unanswered, seconds: null, work };
  const seconds = (performance.now() - began) / 1_000;
  const renewed: Build = { ...build, nodes: { ...build.nodes, ...made.build.nodes } };
  const asked = { ...open, build: renewed, program: findProgram(plan, renewed, { output: arm.output }) };
  let known = 0;
  for (const { question, reference } of probe.questions) {
    const content = { question, inputs: {} };
    const answer = await askQuestion(parts, asked, { workspace, run, input: settings.input, content }, signal);
    if (answer === null) throw signal.reason;
    if (scoreContainment(answer.text ?? '', [reference]) === 1) known += 1;
  }
  return { ...unanswered, seconds, known, work };
}

/** Files of a collection, with some more: a document of the same name is there in the place of the other. */
function addDocuments(
  files: FileAccess,
  added: { readonly collections: readonly string[]; readonly documents: Probe['documents'] },
): FileAccess {
  const { collections, documents } = added;
  const contents = new Map(
    documents.map(({ name, text }) => {
      const content = new TextEncoder().encode(text);
      return [name, { content, contentHash: createHash('sha256').update(content).digest('hex') }];
    }),
  );
  return {
    ...files,
    async listCollection(collection) {
      const listed = await files.listCollection(collection);
      if (!collections.includes(collection)) return listed;
      const more = [...contents].map(([name, { contentHash }]) => ({
        ...{ id: name, name, identity: contentHash, contentHash, mediaType: null },
      }));
      return [...listed.filter(({ id }) => !contents.has(id)), ...more].toSorted((one, other) =>
        Buffer.compare(Buffer.from(one.name), Buffer.from(other.name)),
      );
    },
    async readCollectionFile(collection, id) {
      const found = collections.includes(collection) ? contents.get(id) : undefined;
      return found ?? files.readCollectionFile(collection, id);
    },
  };
}
