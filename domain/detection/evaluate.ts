import type { AssetRecord, Verdict } from '../../schemas/detection.ts';
import type { Rule } from '../../schemas/rules.ts';
import { runCheck } from './checks.ts';
import { loadWins } from './load-wins.ts';
import { prepareAsset } from './prepare.ts';
import type { Prepared, WindowName } from './types.ts';
import { complete, type Finding, undetermined } from './verdict.ts';

/**
 * What one rule says of one asset. `idle` means the rule holds, `active` that measured work or a live connection
 * speaks against it, `undetermined` that the evidence is not good enough to say either; `reasons` says why.
 */
export function evaluateRule(rule: Rule, record: AssetRecord, now: string): Verdict {
  const [prepared] = prepareAsset([rule], record, now);
  return prepared === undefined
    ? { ...undetermined(['not-applicable:resource-type']), ruleId: rule.id, ruleVersion: rule.version }
    : evaluatePrepared(prepared);
}

/** Every rule that applies to the asset's type and state, over the confidence window. */
export function evaluateAsset(rules: readonly Rule[], record: AssetRecord, now: string): Verdict[] {
  return applicable(
    loadWins(
      prepareAsset(rules, record, now).map((p) => evaluatePrepared(p)),
      rules,
    ),
  );
}

/** The cheap daily pass over the nomination window: `idle` here is worth fetching the longer window for. */
export function nominate(rules: readonly Rule[], record: AssetRecord, now: string): Verdict[] {
  return applicable(
    loadWins(
      prepareAsset(rules, record, now).map((p) => evaluatePrepared(p, 'nomination')),
      rules,
    ),
  );
}

/** The arithmetic alone, on summaries made by `prepareAsset`. */
export function evaluatePrepared(prepared: Prepared, window: WindowName = 'confidence'): Verdict {
  const { subject, rule } = prepared;
  if (subject.exclusions.length > 0) return complete(prepared, undetermined([...subject.exclusions]));
  const finding = runCheck(prepared, window);
  return complete(prepared, finding.verdict === 'idle' ? guarded(prepared, rule, finding) : finding);
}

/** Age and freshness stand in the way of `idle` only: load that was measured is load, however young the asset. */
function guarded({ subject }: Prepared, rule: Rule, finding: Finding): Finding {
  const doubts: string[] = [];
  if (Number.isNaN(subject.ageDays) || subject.ageDays === -1) doubts.push('creation-time-unknown');
  else if (subject.ageDays < 0) doubts.push('creation-time-in-future');
  else if (subject.ageDays < rule.minimumAgeDays) doubts.push('too-young');
  if (!(subject.recordAgeHours <= rule.maxRecordAgeHours)) doubts.push('record-stale');
  return doubts.length === 0 ? finding : undetermined(doubts, { ...finding, verdict: 'undetermined', confidence: 0 });
}

/** Rules for another state of the asset say nothing; when all are, the first stands so that nothing vanishes. */
function applicable(verdicts: Verdict[]): Verdict[] {
  const said = verdicts.filter((v) => !v.reasons.some((r) => r.startsWith('not-applicable:')));
  return said.length > 0 ? said : verdicts.slice(0, 1);
}
