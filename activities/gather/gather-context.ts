import type { Config } from '../../config/schema.ts';
import { evaluateAsset, evaluateRule } from '../../domain/detection/evaluate.ts';
import { environmentOf } from '../../domain/environment.ts';
import { createdAtOf } from '../../domain/facts.ts';
import { resolveOwner } from '../../domain/owner.ts';
import { tagSettersOf } from '../../domain/tag-setters.ts';
import type { AssetHistory, CloudReader } from '../../ports/cloud.ts';
import { type CmdbPort, cmdbRecordIn } from '../../ports/cmdb.ts';
import type { CnappPort } from '../../ports/cnapp.ts';
import type { CostPort } from '../../ports/cost.ts';
import { costKeys } from '../../domain/cloud-ids/index.ts';
import { digestOf, sha256 } from '../../schemas/digest.ts';
import { isProviderError, ProviderError } from '../../ports/errors.ts';
import type { AuditLog } from '../../ports/audit.ts';
import type { Signer, Verifier } from '../../ports/signing.ts';
import { gatheredStatement } from '../../ports/statements.ts';
import type { Store } from '../../ports/store.ts';
import type { UtilisationPort } from '../../ports/utilisation.ts';
import type { CloudFacts } from '../../schemas/cloud-facts.ts';
import type { AssetRecord } from '../../schemas/detection.ts';
import type { Posture } from '../../schemas/posture.ts';
import { CaseDocument } from '../../schemas/records.ts';
import type { Rule } from '../../schemas/rules.ts';
import type { GatherInput, GatherResult, WatchedAsset } from '../contracts.ts';
import { createSettingsInForce } from '../shared/settings-in-force.ts';
import { metricHistory } from '../shared/metric-windows.ts';
import { remediationTrail } from '../shared/trail.ts';

export interface GatherDeps {
  readonly config: Config;
  readonly rules: readonly Rule[];
  readonly store: Store;
  readonly audit: AuditLog;
  readonly cnapp: CnappPort;
  readonly reader: CloudReader;
  readonly utilisation: UtilisationPort;
  readonly cost: CostPort;
  readonly cmdb: CmdbPort;
  readonly clock: () => Date;
}

/** Everything a decision needs, freshly read from every source, judged again by the rule, and stored as one case. */
export async function gatherContext(
  deps: GatherDeps & { readonly signer: Signer; readonly verifier: Verifier },
  input: GatherInput,
): Promise<GatherResult> {
  const now = deps.clock();
  const { asset } = input;
  // Before anything can fail: whatever comes of the run is written into a whole document.
  await deps.store.remediations.upsert({ ...readModel(input, now), stage: 'gathering' });
  const rule = deps.rules.find((r) => r.id === input.ruleId);
  if (!rule)
    throw new ProviderError({
      kind: 'terminal',
      provider: 'idlewise',
      operation: 'gather',
      message: `no rule ${input.ruleId} in the configured catalogue`,
    });

  const facts = await deps.reader.describeOne(asset);
  if (facts === null || GONE.has(facts.state))
    return conclude(deps, input, { kind: 'gone', reasons: [`cloud-state:${facts?.state ?? 'gone'}`] });

  // Load that any rule about the asset finds counts for this one, so all of them are asked.
  const rules = deps.rules.filter((r) => r.resourceType === rule.resourceType && r.kind !== 'info');
  const record = await readRecord(deps, { asset, facts, rules, now });
  const verdict =
    evaluateAsset(rules, record, now.toISOString()).find((v) => v.ruleId === rule.id) ??
    evaluateRule(rule, record, now.toISOString());
  const trail = remediationTrail(deps.audit, input.remediationId, deps.clock);
  const key = `${input.runId}/${input.round}`;
  await trail.record('VERDICT', key, { verdict });
  if (verdict.verdict !== 'idle') return conclude(deps, input, { kind: 'not-idle', reasons: verdict.reasons });

  const { environment } = environmentOf(record, deps.config.policy.environmentTagKeys);
  const sources = {
    tags: facts.tags,
    tagKeys: deps.config.policy.ownerTagKeys,
    cmdb: record.cmdb,
    directory: deps.config.directory,
  };
  const history = await historyOf(deps.reader, asset);
  const owner = resolveOwner({ ...sources, creator: history.creator });

  // As it will be read: a field that the schema leaves out or fills in must not make the signature another's.
  const gathered = CaseDocument.parse({
    caseId: `case_${sha256(key).slice(0, 24)}`,
    remediationId: input.remediationId,
    round: input.round,
    record,
    environment,
    owner,
    tagSetters: tagSettersOf(history.tagSetters, deps.config.directory),
    requester: input.requestedBy ?? null,
    verdict,
    risk: null,
    options: [],
    recommended: null,
    createdAt: now.toISOString(),
  } satisfies CaseDocument);
  const document = { ...gathered, gatheredBy: deps.signer.sign('case', gatheredStatement(gathered)) };
  await deps.store.cases.put(document);
  await trail.record('CONTEXT_SNAPSHOT', key, {
    caseId: document.caseId,
    recordDigest: digestOf(record),
    sources: sourcesOf(record),
  });
  const phase = await createSettingsInForce({ ...deps, settings: deps.store.settings }).phase(asset);
  await deps.store.remediations.upsert({
    ...readModel(input, now),
    stage: 'assessing',
    environment,
    ownerTeam: owner.team,
  });
  return { kind: 'gathered', caseId: document.caseId, phase, environment, ownerTeam: owner.team };
}

/** A log that may not be read says nothing about anybody; one that does not answer is asked again by the retry. */
async function historyOf(reader: CloudReader, asset: WatchedAsset): Promise<AssetHistory> {
  try {
    return await reader.history(asset);
  } catch (error) {
    if (isProviderError(error, 'unauthorised')) return { creator: null, tagSetters: null };
    throw error;
  }
}

const GONE: ReadonlySet<string> = new Set(['terminated', 'shutting-down', 'deleted', 'deleting']);

async function readRecord(
  deps: GatherDeps,
  question: { asset: WatchedAsset; facts: CloudFacts; rules: readonly Rule[]; now: Date },
): Promise<AssetRecord> {
  const { asset, facts, rules, now } = question;
  const [metrics, costs, cmdb, posture, seen] = await Promise.all([
    metricHistory(deps.utilisation, [asset], { rules, window: 'confidence', now, factsOf: () => facts }),
    deps.cost.accountCosts({ accountId: asset.accountId, asOf: now.toISOString() }),
    deps.cmdb.lookup([asset.resourceId]),
    postureOf(deps.cnapp, asset),
    deps.store.assets.get(asset.assetKey),
  ]);
  return {
    asset: {
      assetKey: asset.assetKey,
      provider: asset.provider,
      accountId: asset.accountId,
      region: asset.region,
      resourceType: asset.resourceType,
      resourceId: asset.resourceId,
      name: asset.name,
      createdAt: createdAtOf(facts) ?? seen?.asset.createdAt ?? null,
      tags: facts.tags,
    },
    facts,
    metrics: [...(metrics.series.get(asset.assetKey) ?? [])],
    cost:
      costKeys(asset)
        .map((k) => costs.byResource.get(k))
        .find((c) => c !== undefined) ?? null,
    posture,
    cmdb: cmdbRecordIn(deps.cmdb, cmdb, asset.resourceId),
    observedAt: now.toISOString(),
  };
}

/** Null when the CNAPP has never seen the asset: unknown posture, which raises risk. */
export async function postureOf(cnapp: CnappPort, asset: WatchedAsset): Promise<Posture | null> {
  try {
    return await cnapp.posture(asset);
  } catch (error) {
    if (isProviderError(error, 'not-found')) return null;
    throw error;
  }
}

async function conclude(
  deps: GatherDeps,
  input: GatherInput,
  result: Extract<GatherResult, { reasons: readonly string[] }>,
): Promise<GatherResult> {
  await deps.store.remediations.upsert({
    ...readModel(input, deps.clock()),
    stage: 'closing',
    reasons: [...result.reasons],
  });
  return result;
}

function readModel(input: GatherInput, now: Date) {
  const { remediationId, runId, asset, ruleId } = input;
  const at = now.toISOString();
  const fresh =
    input.round === 1
      ? {
          startedAt: at,
          outcome: null,
          reasons: [],
          riskLevel: null,
          environment: null,
          ownerTeam: null,
          monthlySaving: null,
          action: null,
          approvalId: null,
          ticket: null,
          decisionDueAt: null,
        }
      : {};
  return {
    remediationId,
    runId,
    assetKey: asset.assetKey,
    accountId: asset.accountId,
    region: asset.region,
    assetName: asset.name,
    ruleId,
    updatedAt: at,
    ...fresh,
  };
}

function sourcesOf(record: AssetRecord): Record<string, string | null> {
  const digest = (value: unknown) => (value === null ? null : digestOf(value));
  return {
    facts: digest(record.facts),
    metrics: digest(record.metrics),
    cost: digest(record.cost),
    posture: digest(record.posture),
    cmdb: digest(record.cmdb),
  };
}
