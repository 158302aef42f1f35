import { hashText } from '../estate/random.ts';
import type { SeededAsset } from '../estate/types.ts';
import { cloudOf, cspOf, iso, urnOf } from './names.ts';
import type { Row, World } from './types.ts';

const HOUR = 3_600_000;
const SEVERITY: Readonly<Record<string, number>> = { CRITICAL: 1, HIGH: 2, MEDIUM: 3, LOW: 4 };
export const DATASET: Readonly<Record<string, string>> = {
  AwsCompliance: 'AWS',
  AzureCompliance: 'Azure',
  GcpCompliance: 'GCP',
};

export const policyIdOf = (title: string): string => `lacework-global-${100 + (hashText(title) % 800)}`;

/** `Configs/ComplianceEvaluations/search`: two reports a day, each with what it found compliant as well. */
export function complianceRows(world: World, dataset: string): readonly Row[] {
  const now = world.clock();
  const assets = world.estate.assets.filter((a) => cspOf(a) === DATASET[dataset]);
  return [4, 16].flatMap((hoursAgo) =>
    assets.flatMap((asset) => {
      if (world.stateAt(asset, now - hoursAgo * HOUR) === 'gone') return [];
      const found = asset.posture.findings.filter((f) => f.kind === 'misconfiguration');
      const rows = found.map((f) => row(asset, { title: f.title, severity: f.severity, status: 'NonCompliant' }));
      const good = row(asset, { title: 'Resource has an owner tag', severity: 'LOW', status: 'Compliant' });
      return [...rows, good].map((r) => ({ ...r, reportTime: iso(now - hoursAgo * HOUR) }));
    }),
  );
}

function row(asset: SeededAsset, of: { title: string; severity: string; status: string }): Row {
  return {
    account: accountOf(asset),
    id: policyIdOf(of.title),
    reason: of.title,
    recommendation: of.title,
    resource: urnOf(asset),
    region: asset.region,
    section: 'Resource configuration',
    severity: SEVERITY[of.severity] ?? 5,
    status: of.status,
    evalType: 'LW_SA',
  };
}

function accountOf(asset: SeededAsset): Row {
  switch (cloudOf(asset)) {
    case 'aws':
      return { AccountId: asset.accountId, Account_Alias: 'acme' };
    case 'azure':
      return { SubscriptionId: asset.accountId, TenantId: 'acme' };
    case 'gcp':
      return { ProjectId: asset.accountId, OrganizationId: 'acme' };
  }
}
