import { ACTIONS, type ActionRow } from '../schemas/actions.ts';
import type { Environment } from '../schemas/asset.ts';
import type { AssetRecord, Verdict } from '../schemas/detection.ts';
import type { ActionName, Option } from '../schemas/option.ts';
import type { Rule } from '../schemas/rules.ts';
import { cloudOf } from './clouds/index.ts';
import type { ActionTexts } from './clouds/port.ts';
import { blockersOf } from './options/blockers.ts';
import { baseRisk } from './risk/base-risk.ts';
import { isEvidence } from './risk/exposure.ts';
import { savingOf } from './savings.ts';
import { resizeTarget } from './sizing.ts';

export interface OptionsInput {
  readonly record: AssetRecord;
  readonly verdict: Verdict;
  readonly environment: Environment;
  /** The rule that made the verdict is looked up here; it lists the actions it may lead to. */
  readonly rules: readonly Rule[];
}

/** Every way to act on this verdict that exists for this asset, labelled A, B, C by position. Empty: nothing to offer. */
export function buildOptions({ record, verdict, environment, rules }: OptionsInput): Option[] {
  const rule = rules.find((r) => r.id === verdict.ruleId);
  if (rule === undefined || verdict.verdict !== 'idle') return [];
  const target = resizeTarget(record, rule, rules);
  return rule.options
    .filter((action) => exists(action, record, target))
    .flatMap((action) => describe(action, record, { environment, target }) ?? [])
    .map((option, position) => ({
      label: `${String.fromCharCode(65 + position)} · ${ACTIONS[option.optionId].title}`,
      ...option,
    }));
}

function exists(action: ActionName, { facts }: AssetRecord, target: string | null): boolean {
  if (action === 'resize-instance') return target !== null;
  const { from, kind }: ActionRow = ACTIONS[action];
  return from === null || facts === null || (facts.kind === kind && from.includes(facts.state));
}

const EVIDENCE_FIRST =
  'Secure the evidence first: snapshots of its disks, its memory and its logs, and the word of whoever answers for security.';

function describe(
  action: ActionName,
  record: AssetRecord,
  q: { environment: Environment; target: string | null },
): Omit<Option, 'label'> | null {
  const reversibility = ACTIONS[action].reversibility;
  const resizes = action === 'resize-instance' && q.target !== null;
  const from = record.facts?.kind === 'instance' ? record.facts.instanceType : '';
  const texts: ActionTexts | null =
    cloudOf(record.asset.provider)?.texts(action, record, { from, to: q.target ?? '' }) ?? null;
  if (texts === null) return null;
  const saving = savingOf(action, record, resizes ? (q.target ?? undefined) : undefined);
  return {
    optionId: action,
    reversibility,
    monthlySaving: saving.monthly,
    savingBasis: saving.basis,
    savingNote: saving.note,
    riskOfActing: baseRisk(record, q.environment, { optionId: action, reversibility }).score,
    ...texts,
    steps: isEvidence(record.posture) ? [EVIDENCE_FIRST, ...texts.steps] : texts.steps,
    blockers: blockersOf(action, reversibility, record),
    parameters: resizes ? { currentInstanceType: from, targetInstanceType: q.target ?? '' } : {},
  };
}
