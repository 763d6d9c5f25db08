import type { PortValue } from '@kumiki/node-sdk';
import { KumikiError } from '@kumiki/node-sdk';
import type { Build } from './build.ts';
import { findNamedNodes, listBodyPaths } from './find-named-nodes.ts';
import type { Plan, PlannedInput, PlannedNode } from './plan.ts';

/** Where a step finds a value: in the build, known from the start, or at another step of the same question. */
export type StepSource =
  | { readonly from: 'build'; readonly value: PortValue | undefined }
  | { readonly from: 'step'; readonly step: number; readonly port: string };

export type StepInput = {
  readonly planned: PlannedInput;
  readonly sources: readonly StepSource[];
};

/** A request-time node with everything that does not change between questions already looked up. */
export type Step = {
  readonly node: PlannedNode;
  readonly inputs: readonly StepInput[];
  /** The request's input that it hands over, for an `input` node. */
  readonly requestInput: string | null;
  /** The arm that it answers for, for an `output` node. */
  readonly arm: string | null;
  /** Steps that wait for this one; one entry for each wire. */
  readonly dependents: readonly number[];
  /** Steps of the outputs that its text reaches directly or through logic. */
  readonly textTargets: readonly number[];
  /** The flow that it asks for every item of a list. */
  readonly body: StepBody | null;
};

export type StepBody = { readonly item: string; readonly program: Program };

/** What one question takes: the request-time nodes of the chosen arms against one build. Made once, run often. */
export type Program = {
  readonly plan: Plan;
  readonly steps: readonly Step[];
  /** By step: how many wires from other steps it waits for. */
  readonly waiting: Int32Array;
};

export type ProgramTarget = {
  /** One arm; all of them where it is left out. */
  readonly output?: string | undefined;
  /** Request-time nodes to run with what they need, instead of arms. */
  readonly only?: readonly string[] | undefined;
};

/** A build serves the same questions again and again; looking them up is all that a question pays. */
const programs = new WeakMap<Plan, WeakMap<Build, Map<string, Program>>>();

/**
 * The program for a build and its chosen arm, made at the first question. Throws `output-unknown`, `node-unknown` and
 * `not-built`, which names the nodes whose artifacts the build lacks.
 */
export function findProgram(plan: Plan, build: Build, target: ProgramTarget): Program {
  const ofPlan = getOrAdd(programs, plan, () => new WeakMap<Build, Map<string, Program>>());
  const ofBuild = getOrAdd(ofPlan, build, () => new Map<string, Program>());
  const key = target.only === undefined ? `output ${target.output ?? ''}` : `only ${target.only.join(' ')}`;
  return getOrAdd(ofBuild, key, () => makeProgram(plan, build, target));
}

function makeProgram(plan: Plan, build: Build, target: ProgramTarget): Program {
  const missing = new Set<string>();
  const program = assembleProgram({
    plan,
    build,
    targets: findTargets(plan, target),
    arms: plan.arms,
    inputs: new Map([...plan.inputs].map(([name, { node }]) => [name, node])),
    missing,
  });
  if (missing.size > 0) throw describeNotBuilt(plan, missing);
  return program;
}

/** The name under which the flow that is asked for an item answers. */
export const bodyArm = 'item';

type Assembly = {
  readonly plan: Plan;
  readonly build: Build;
  readonly targets: readonly number[];
  readonly arms: ReadonlyMap<string, number>;
  readonly inputs: ReadonlyMap<string, number>;
  /** Nodes whose artifacts the build lacks are added here. */
  readonly missing: Set<string>;
};

function assembleProgram({ plan, build, targets, arms, inputs: named, missing }: Assembly): Program {
  const needed = findNeeded(plan, targets);
  const nodes = plan.nodes.filter(({ index }) => needed.has(index));
  const stepByNode = new Map(nodes.map((node, step) => [node.index, step]));
  const armByNode = new Map([...arms].map(([name, index]) => [index, name]));
  const requestInputs = new Map([...named].map(([name, index]) => [index, name]));

  const inputs = nodes.map((node) =>
    node.inputs.map((planned): StepInput => {
      const sources = planned.sources.map((source): StepSource => {
        const step = stepByNode.get(source.node);
        if (source.time === 'request' && step !== undefined) return { from: 'step', step, port: source.port };
        const feeder = plan.nodes[source.node];
        const built = feeder === undefined ? undefined : build.nodes[feeder.id];
        if (feeder !== undefined && built === undefined) missing.add(feeder.id);
        return { from: 'build', value: built?.outputs[source.port] };
      });
      return { planned, sources };
    }),
  );

  const dependents: number[][] = nodes.map(() => []);
  const waiting = new Int32Array(nodes.length);
  for (const [step, stepInputs] of inputs.entries()) {
    for (const { sources } of stepInputs) {
      for (const source of sources) {
        if (source.from !== 'step') continue;
        dependents[source.step]?.push(step);
        waiting[step] = (waiting[step] ?? 0) + 1;
      }
    }
  }
  const steps = nodes.map(
    (node, step): Step => ({
      node,
      inputs: inputs[step] ?? [],
      requestInput: requestInputs.get(node.index) ?? null,
      arm: armByNode.get(node.index) ?? null,
      dependents: dependents[step] ?? [],
      // Text of one item among many is nobody's answer yet.
      textTargets: arms === plan.arms ? findTextTargets(plan, node, stepByNode) : [],
      body: assembleBody(plan, build, node, missing),
    }),
  );
  return { plan, steps, waiting };
}

function assembleBody(plan: Plan, build: Build, node: PlannedNode, missing: Set<string>): StepBody | null {
  const body = plan.bodies.get(node.index);
  if (body === undefined) return null;
  const { item, output, inputs } = body;
  const arms = new Map([[bodyArm, output]]);
  return { item, program: assembleProgram({ plan, build, targets: [output], arms, inputs, missing }) };
}

function findTargets(plan: Plan, { output, only }: ProgramTarget): readonly number[] {
  if (only !== undefined) {
    return only.flatMap((id) => findNamedNodes(plan, id)).filter((index) => isRequestTime(plan, index));
  }
  if (output === undefined) return [...plan.arms.values(), ...findActingRoots(plan)];
  const arm = plan.arms.get(output);
  if (arm !== undefined) return [arm, ...findActingRoots(plan)];
  throw new KumikiError({
    code: 'output-unknown',
    message: {
      en: `This flow has no output “${output}”. It has: ${[...plan.arms.keys()].join(', ')}.`,
      ja: `このフローに「${output}」という出力はありません。あるのは：${[...plan.arms.keys()].join('、')}`,
    },
    status: 422,
    path: '/output',
  });
}

/** What acts and feeds no answer: no arm asks for it, so it runs with every question, whichever arm that is for. */
function findActingRoots(plan: Plan): readonly number[] {
  const arms = new Set(plan.arms.values());
  const bodies = listBodyPaths(plan);
  const actors = plan.nodes.filter(({ time, type }) => time === 'request' && type.description.effect === 'acts');
  const acting = new Set(
    actors.map(({ id, index }) => {
      // What acts for every item of a list acts when the node does that goes through the list.
      const body = bodies.find(({ path }) => id.startsWith(path));
      return body === undefined ? index : body.node;
    }),
  );
  return [...acting].flatMap((index) => {
    const behind = new Set([index]);
    for (const place of behind) {
      for (const { consumers } of plan.nodes[place]?.outputs ?? [])
        for (const consumer of consumers) behind.add(consumer);
    }
    return arms.isDisjointFrom(behind) ? [index] : [];
  });
}

/** Throws `acts-in-experiment` where a step would change something outside, be it for an item of a list. */
export function refuseActing({ steps }: Program): void {
  for (const { body } of steps) if (body !== null) refuseActing(body.program);
  const acting = steps.find(({ node }) => node.type.description.effect === 'acts');
  if (acting === undefined) return;
  const { id, title } = acting.node;
  throw new KumikiError({
    code: 'acts-in-experiment',
    message: {
      en: `“${title.en}” changes something outside, and an experiment would do that once for every question of its data set. Measure a flow without it.`,
      ja: `「${title.ja}」は外部に変更を加えるため、実験では使えません。教材の質問の数だけ実行されてしまいます。この部品のないフローで測ってください。`,
    },
    status: 422,
    node: id,
  });
}

function isRequestTime(plan: Plan, index: number): boolean {
  return plan.nodes[index]?.time === 'request';
}

/** Request-time nodes that the targets need: themselves and all that feeds them anew for every question. */
function findNeeded(plan: Plan, targets: readonly number[]): ReadonlySet<number> {
  const needed = new Set(targets);
  for (const index of needed) {
    for (const { sources } of plan.nodes[index]?.inputs ?? []) {
      for (const source of sources) if (source.time === 'request') needed.add(source.node);
    }
  }
  return needed;
}

/** Follows text from a node's outputs through logic nodes to the outputs that are part of the program. */
function findTextTargets(plan: Plan, node: PlannedNode, stepByNode: ReadonlyMap<number, number>): readonly number[] {
  const targets: number[] = [];
  const carriers = new Set([node]);
  for (const carrier of carriers) {
    for (const output of carrier.outputs) {
      if (output.kind !== 'text') continue;
      for (const consumer of output.consumers) {
        const reader = plan.nodes[consumer];
        const step = stepByNode.get(consumer);
        if (reader === undefined || step === undefined) continue;
        if (reader.type.description.family === 'output') targets.push(step);
        else if (passesOn(reader, carrier.index, output.name)) carriers.add(reader);
      }
    }
  }
  return [...new Set(targets)];
}

/** Whether a logic node puts out the very value that arrives from a port, rather than only looking at it. */
function passesOn(reader: PlannedNode, node: number, port: string): boolean {
  const { family, portRules } = reader.type.description;
  if (family !== 'logic') return false;
  const passed = portRules.flatMap((rule) => (rule.rule === 'same-kind' ? rule.inputs : []));
  return reader.inputs.some(
    ({ name, sources }) =>
      passed.includes(name) && sources.some((source) => source.node === node && source.port === port),
  );
}

export function describeNotBuilt(plan: Plan, missing: ReadonlySet<string>): KumikiError {
  const titles = [...missing].map((id) => plan.nodes[plan.indexById.get(id) ?? -1]?.title ?? { en: id, ja: id });
  const [first] = missing;
  return new KumikiError({
    code: 'not-built',
    message: {
      en: `Not built as it is now: ${titles.map(({ en }) => `“${en}”`).join(', ')}. Build the flow: it was not built yet, or its settings, its documents or a model have changed since.`,
      ja: `現在の内容ではまだ構築されていません：${titles.map(({ ja }) => `「${ja}」`).join('')}。フローを構築してください。一度構築したあとでも、設定・文書・モデルが変わると、構築し直す必要があります。`,
    },
    status: 409,
    ...(first !== undefined && { node: first }),
  });
}

function getOrAdd<K, V>(map: { get(key: K): V | undefined; set(key: K, value: V): unknown }, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
