import { chooseArm } from './choose-arm.ts';
import type { Decision, DecisionInput, DecisionReason } from './decision.ts';
import { excludeArms } from './exclude-arms.ts';
import { findMissing } from './find-missing.ts';
import { findWouldChange } from './would-change.ts';

/**
 * What follows from the measurement and the form by the rules of docs/guides/decision-rules.md, and by nothing else:
 * the same input gives the same decision.
 */
export function decide(input: DecisionInput): Decision {
  const choice = chooseArm(input);
  return {
    outcome: choice.outcome,
    reasons: [
      ...(choice.outcome.kind === 'recommended' ? explainFacts(input, choice.outcome.arm) : []),
      ...choice.reasons,
    ],
    excluded: excludeArms(input),
    wouldChange: findWouldChange(input, choice),
    missing: findMissing(input),
  };
}

/** That the recommended arm keeps up with the facts, where they change. */
function explainFacts({ facts, answers: { factsChange } }: DecisionInput, arm: string): readonly DecisionReason[] {
  const newFacts = facts.find((ofArm) => ofArm.arm === arm)?.newFacts;
  if (factsChange === null || factsChange === 'never' || newFacts?.kind !== 'measured') return [];
  const { seconds, known, asked } = newFacts;
  return [{ code: 'takes-in-facts-in-time', arm, seconds, everyDays: factsChange.everyDays, known, asked }];
}
