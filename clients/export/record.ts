import { findingsRead } from '../../domain/inventory-posture.ts';
import type { AssetCost } from '../../schemas/cost.ts';
import type { Finding } from '../../schemas/posture.ts';
import type { AssetDocument, Opportunity, RemediationDocument } from '../../schemas/records.ts';

/** Who answers for an asset, as far as it is known. */
export interface KnownOwner {
  readonly subject: string | null;
  readonly team: string | null;
}

/** What is known of one asset besides the record of its last sweep. */
export interface Around {
  readonly remediation: RemediationDocument | null;
  readonly owner: KnownOwner | null;
  readonly riskScore: number | null;
  readonly opportunity: Opportunity | null;
}

/** The unified record of one asset: what `idlewise export` writes, one line each. Null is unknown, never zero or no. */
export function unifiedRecord(document: AssetDocument, { remediation, owner, riskScore, opportunity }: Around) {
  const { asset, cost, posture } = document;
  return {
    assetKey: asset.assetKey,
    provider: asset.provider,
    accountId: asset.accountId,
    region: asset.region,
    resourceType: asset.resourceType,
    resourceId: asset.resourceId,
    name: asset.name,
    createdAt: asset.createdAt,
    tags: asset.tags,
    environment: document.environment,
    owner: owner?.subject ?? null,
    ownerTeam: owner?.team ?? null,
    /** FOCUS names where FOCUS has one, `x_` where it has none. */
    cost: cost && focusCost(cost),
    posture: posture && {
      source: posture.source,
      observedAt: posture.observedAt,
      internetExposed: posture.internetExposed,
      openPorts: findingsRead(posture) ? posture.openPorts : null,
      adminPrivileges: posture.adminPrivileges,
      sensitiveData: posture.sensitiveData,
    },
    /** Null: nobody has read them, which is not the same as none. */
    findings: posture && findingsRead(posture) ? posture.findings.map(ocsfFinding) : null,
    verdicts: document.verdicts.map((v) => ({
      ruleId: v.ruleId,
      ruleVersion: v.ruleVersion,
      verdict: v.verdict,
      confidence: v.confidence,
      windowDays: v.windowDays,
      reasons: v.reasons,
    })),
    riskLevel: remediation?.riskLevel ?? null,
    riskScore,
    priority: opportunity?.priority ?? null,
    monthlySaving: remediation?.monthlySaving ?? opportunity?.monthlySaving ?? null,
    remediationId: remediation?.remediationId ?? null,
    ruleId: remediation?.ruleId ?? opportunity?.ruleId ?? null,
    stage: remediation?.stage ?? null,
    outcome: remediation?.outcome ?? null,
    outcomeReasons: remediation?.reasons ?? [],
    action: remediation?.action ?? null,
    ticket: remediation?.ticket?.number ?? null,
    sweepId: document.sweepId,
    observedAt: document.observedAt,
  };
}
export type UnifiedRecord = ReturnType<typeof unifiedRecord>;

function focusCost({ commitmentCoverage, commitmentEndsAt, monthlyRunRate, basis, dailyTrend, ...focus }: AssetCost) {
  return {
    ...focus,
    x_CommitmentCoverage: commitmentCoverage,
    x_CommitmentEndsAt: commitmentEndsAt,
    x_MonthlyRunRate: monthlyRunRate,
    x_CostBasis: basis,
    x_DailyTrend: dailyTrend,
  };
}

/** OCSF 1.6 attribute names; times are epoch milliseconds there. */
function ocsfFinding(finding: Finding) {
  const { cve } = finding;
  return {
    class_uid: finding.class_uid,
    category_uid: 2,
    severity_id: finding.severity_id,
    status_id: finding.status_id,
    finding_info: {
      uid: finding.uid,
      title: finding.title,
      ...(finding.first_seen_time && { first_seen_time: Date.parse(finding.first_seen_time) }),
      ...(finding.last_seen_time && { last_seen_time: Date.parse(finding.last_seen_time) }),
    },
    ...(cve && {
      vulnerabilities: [
        {
          cve: { uid: cve.uid },
          ...(cve.is_exploit_available !== null && { is_exploit_available: cve.is_exploit_available }),
        },
      ],
      // OCSF has no attribute for catalogues of exploited vulnerabilities.
      ...(cve.known_exploited !== null && { unmapped: { known_exploited: cve.known_exploited } }),
    }),
  };
}
