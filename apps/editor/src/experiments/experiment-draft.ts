import type { ExperimentSettings } from '../api/experiments.ts';
import type { ModelChoice } from '../models/model-picker.tsx';

/** Metrics of an answer that may decide. What each is stands in the report. */
export const primaryMetrics = [
  'exact-match',
  'containment',
  'character-f1',
  'token-f1',
  'chrf',
  'similarity',
  'answer-correctness',
] as const;
export type PrimaryMetric = (typeof primaryMetrics)[number];

export type ChosenArm = {
  readonly flow: string;
  readonly flowName: string;
  readonly version: number;
  readonly build: number;
  readonly output: string;
  /** As the report names it. */
  readonly name: string;
  /** Inputs of its flow that take a text. */
  readonly inputs: readonly string[];
};

/** A fact as a text that would be added, and a question whose answer it is. */
export type TypedFact = { readonly text: string; readonly question: string; readonly reference: string };
export const factColumns = ['text', 'question', 'reference'] as const;
export const emptyFact: TypedFact = { text: '', question: '', reference: '' };

/** Facts that no document told before; null in `collection`: adding facts is not measured. */
export type TypedProbe = {
  readonly collection: string | null;
  readonly facts: readonly TypedFact[];
  readonly retrain: boolean;
};

/** What has been filled in so far. Numbers are what was typed. */
export type ExperimentDraft = {
  readonly name: string;
  readonly arms: readonly ChosenArm[];
  /** Place in `arms`. */
  readonly baseline: number;
  readonly questionSet: string | null;
  /** Null: the one that all flows have, or the first. */
  readonly input: string | null;
  readonly repetitions: number | string;
  readonly seed: number | string;
  readonly retrievedPassages: number | string;
  readonly embedding: ModelChoice | null;
  readonly judge: ModelChoice | null;
  /** The metric that decides; null: chosen by the language of the references. */
  readonly primary: PrimaryMetric | null;
  readonly includeTrained: boolean;
  readonly probe: TypedProbe;
};

export const emptyDraft: ExperimentDraft = {
  name: '',
  arms: [],
  baseline: 0,
  questionSet: null,
  input: null,
  repetitions: 1,
  seed: '',
  retrievedPassages: 5,
  embedding: null,
  judge: null,
  primary: null,
  includeTrained: false,
  // Five facts show more than one, and are soon written.
  probe: { collection: null, facts: Array.from({ length: 5 }, () => emptyFact), retrain: false },
};

export function isSameArm(one: ChosenArm, other: ChosenArm): boolean {
  return (
    one.flow === other.flow && one.version === other.version && one.build === other.build && one.output === other.output
  );
}

/** With other arms, the baseline stays the arm that it was; where that one is gone, it is the first. */
export function chooseArms(draft: ExperimentDraft, arms: readonly ChosenArm[]): ExperimentDraft {
  const baseline = draft.arms[draft.baseline];
  const place = baseline === undefined ? -1 : arms.findIndex((arm) => isSameArm(arm, baseline));
  return { ...draft, arms, baseline: Math.max(0, place) };
}

/** Inputs that every arm's flow has, so that one question can be put to all. */
export function listSharedInputs({ arms }: Pick<ExperimentDraft, 'arms'>): readonly string[] {
  const [first, ...rest] = arms;
  return (first?.inputs ?? []).filter((input) => rest.every(({ inputs }) => inputs.includes(input)));
}

/** The request; null while something that it needs is missing. A name that is still empty is no reason. */
export function readDraft(draft: ExperimentDraft, fallbackName: string): ExperimentSettings | null {
  const { arms, questionSet } = draft;
  if (arms.length === 0 || questionSet === null) return null;
  const shared = listSharedInputs(draft);
  const input = draft.input !== null && shared.includes(draft.input) ? draft.input : (shared[0] ?? 'question');
  return {
    name: draft.name.trim() || fallbackName,
    arms: arms.map(({ flow, version, build, output, name }) => ({
      ...{ flow, version, build, output },
      name: name.trim() || output,
    })),
    baseline: draft.baseline,
    questionSet,
    input,
    repetitions: readCount(draft.repetitions, 1),
    ...(draft.seed !== '' && { seed: Number(draft.seed) }),
    retrievedPassages: readCount(draft.retrievedPassages, 5),
    embedding: draft.embedding,
    judge: draft.judge,
    includeTrained: draft.includeTrained,
    primary: draft.primary,
    probe: readProbe(draft.probe),
  };
}

/** Facts that are told and asked about; each is a document of its own. */
function readProbe({ collection, facts, retrain }: TypedProbe): ExperimentSettings['probe'] {
  const filled = facts.filter((fact) => factColumns.every((column) => fact[column].trim() !== ''));
  if (collection === null || filled.length === 0) return null;
  return {
    collection,
    documents: filled.map(({ text }, place) => ({ name: `new-fact-${place + 1}.md`, text: text.trim() })),
    questions: filled.map(({ question, reference }) => ({ question: question.trim(), reference: reference.trim() })),
    retrain,
  };
}

function readCount(typed: number | string, otherwise: number): number {
  return typed === '' ? otherwise : Number(typed);
}
