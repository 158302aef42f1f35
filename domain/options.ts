import type { Environment } from '../schemas/asset.ts';
import type { AssetRecord, Verdict } from '../schemas/detection.ts';
import type { ActionName, Option, Reversibility } from '../schemas/option.ts';
import type { Rule } from '../schemas/rules.ts';
import { shapeOf, sizesDown } from './instance-shapes.ts';
import { blockersOf } from './options/blockers.ts';
import { type ActionTexts, resizeTexts, stopTexts, terminateTexts } from './options/instance.ts';
import { deleteLoadBalancerTexts, deleteVolumeTexts, releaseAddressTexts } from './options/storage-network.ts';
import { baseRisk } from './risk/base-risk.ts';
import { savingOf } from './savings.ts';
import { ACTION_TITLE } from './words.ts';

/** `restorable`: the data comes back from a snapshot, under another id. `irreversible`: an address or name is lost. */
export const REVERSIBILITY: Readonly<Record<ActionName, Reversibility>> = {
  'stop-instance': 'reversible',
  'resize-instance': 'reversible',
  'snapshot-and-terminate-instance': 'restorable',
  'snapshot-and-delete-volume': 'restorable',
  'release-address': 'irreversible',
  'delete-load-balancer': 'irreversible',
};

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
  const target = targetType(record, rule);
  return rule.options
    .filter((action) => exists(action, record, target))
    .map((action, position) => ({
      label: `${String.fromCharCode(65 + position)} · ${ACTION_TITLE[action]}`,
      ...describe(action, record, { environment, target }),
    }));
}

function exists(action: ActionName, { facts }: AssetRecord, target: string | null): boolean {
  if (action === 'resize-instance') return target !== null;
  if (action === 'stop-instance')
    return facts === null || (facts.resourceType === 'AWS::EC2::Instance' && facts.state === 'running');
  return true;
}

function describe(
  action: ActionName,
  record: AssetRecord,
  q: { environment: Environment; target: string | null },
): Omit<Option, 'label'> {
  const reversibility = REVERSIBILITY[action];
  const resizes = action === 'resize-instance' && q.target !== null;
  const saving = savingOf(action, record, resizes ? (q.target ?? undefined) : undefined);
  const from = record.facts?.resourceType === 'AWS::EC2::Instance' ? record.facts.instanceType : '';
  return {
    optionId: action,
    reversibility,
    monthlySaving: saving.monthly,
    savingNote: saving.note,
    riskOfActing: baseRisk(record, q.environment, { optionId: action, reversibility }).score,
    ...texts(action, record, { from, to: q.target ?? '' }),
    blockers: blockersOf(action, reversibility, record),
    parameters: resizes ? { currentInstanceType: from, targetInstanceType: q.target ?? '' } : {},
  };
}

function texts(action: ActionName, record: AssetRecord, change: { from: string; to: string }): ActionTexts {
  const { asset, facts } = record;
  switch (action) {
    case 'stop-instance':
      return stopTexts(asset, facts?.resourceType === 'AWS::EC2::Instance' ? facts : null);
    case 'snapshot-and-terminate-instance':
      return terminateTexts(asset, facts?.resourceType === 'AWS::EC2::Instance' ? facts : null);
    case 'resize-instance':
      return resizeTexts(asset, change);
    case 'snapshot-and-delete-volume':
      return deleteVolumeTexts(asset, facts?.resourceType === 'AWS::EC2::Volume' ? facts : null);
    case 'release-address':
      return releaseAddressTexts(asset, facts?.resourceType === 'AWS::EC2::EIP' ? facts : null);
    case 'delete-load-balancer':
      return deleteLoadBalancerTexts(
        asset,
        facts?.resourceType === 'AWS::ElasticLoadBalancingV2::LoadBalancer' ? facts : null,
      );
  }
}

/**
 * One size down for a machine that works or whose memory use is unknown, two for one that does not; never below the
 * memory in use plus a fifth.
 */
function targetType(record: AssetRecord, rule: Rule): string | null {
  const facts = record.facts;
  if (facts === null || facts.resourceType !== 'AWS::EC2::Instance' || facts.state !== 'running') return null;
  const own = shapeOf(facts.instanceType);
  if (own === null) return null;
  const memory = memoryPeakPercent(record);
  const steps = rule.kind === 'rightsize' || memory === null ? 1 : 2;
  const shape = sizesDown(facts.instanceType, steps, memory === null ? 0 : (memory / 100) * 1.2 * own.memoryGiB);
  if (shape === null) return null;
  const sameArchitecture = facts.architecture === null || facts.architecture === shape.architecture;
  return sameArchitecture ? shape.instanceType : null;
}

function memoryPeakPercent({ metrics }: AssetRecord): number | null {
  let peak: number | null = null;
  for (const series of metrics)
    if (series.metric === 'mem_used_percent')
      for (const value of series.values) if (value !== null && value >= 0 && value > (peak ?? -1)) peak = value;
  return peak;
}
