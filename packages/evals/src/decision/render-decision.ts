import type { LocalisedText } from '../metrics/metric.ts';
import { renderExclusion, renderMissing, renderOutcome, renderWouldChange } from './condition-sentences.ts';
import type { Decision, DecisionText } from './decision.ts';
import { type ArmNames, renderReason } from './reason-sentences.ts';

/** A decision in plain sentences of both languages. An arm without a name in `names` goes by its id. */
export function renderDecision(decision: Decision, names: Readonly<Record<string, LocalisedText>>): DecisionText {
  const name: ArmNames = (arm) => {
    const { en, ja } = names[arm] ?? { en: arm, ja: arm };
    return { en: `“${en}”`, ja: `「${ja}」` };
  };
  return {
    headline: renderOutcome(decision.outcome, name),
    reasons: decision.reasons.map((reason) => renderReason(reason, name)),
    excluded: decision.excluded.map((exclusion) => renderExclusion(exclusion, name)),
    wouldChange: decision.wouldChange.map((change) => renderWouldChange(change, name)),
    missing: decision.missing.map((missing) => renderMissing(missing, name)),
  };
}
