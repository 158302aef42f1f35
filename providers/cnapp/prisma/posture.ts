import { kindOf } from '../../../domain/resource-kinds.ts';
import type { Finding, Posture } from '../../../schemas/posture.ts';
import type { KnownAsset } from '../../../ports/cnapp.ts';
import type { Readings } from '../../../ports/rows.ts';
import { unreadIn } from '../unread.ts';
import { alertFinding, saysExposed, saysSensitive } from './alert-finding.ts';
import { readAlerts } from './alerts.ts';
import type { PrismaParts } from './context.ts';
import { VENDOR } from './errors.ts';
import { readExternalFindings } from './external-findings.ts';
import { exposure, readOpenPorts } from './network.ts';
import { readPermissions } from './permissions.ts';
import { readResource } from './resource.ts';
import { hasPublicAddress } from './states.ts';
import { hostFindings, readHost, readIncidents } from './workloads.ts';

const DAY = 86_400_000;
const NONE: Readings<Finding> = { rows: [], rejected: [] };

/** Everything Prisma Cloud knows of one asset: three to seven requests, by what the platform says there is to read. */
export async function readPosture(parts: PrismaParts, asset: KnownAsset): Promise<Posture> {
  const { cspm, config, clock, maxPages } = parts;
  const resource = await readResource(parts, asset);
  const { row, rrn } = resource;
  const filters = { 'resource.id': row.id, 'cloud.accountId': row.accountId };
  const [{ rows: alerts, rejected }, ports, external, workload] = await Promise.all([
    readAlerts(cspm, filters, maxPages),
    row.hasNetwork === false ? null : readOpenPorts(cspm, rrn),
    row.hasExternalFinding === true ? readExternalFindings(cspm, rrn) : NONE,
    kindOf(asset.resourceType) === 'instance' ? readWorkload(parts, { accountId: row.accountId, id: row.id }) : NONE,
  ]);
  const assetId = resource.assetId ?? alerts.find((a) => a.resource?.unifiedAssetId)?.resource?.unifiedAssetId ?? null;
  const permissions = await readPermissions(parts, { assetId, id: row.id, name: row.name });

  const reachable = exposure(ports, hasPublicAddress(asset.resourceType, row.data));
  const internetExposed = alerts.some(saysExposed) ? true : reachable;
  const since = new Date(clock() - config.resolvedDays * DAY).toISOString();
  return {
    source: VENDOR,
    vendorId: resource.vendorId,
    observedAt: new Date(clock()).toISOString(),
    internetExposed,
    openPorts: internetExposed === true ? (ports?.length ? [...ports] : ['unknown']) : [],
    adminPrivileges: permissions.adminPrivileges,
    // The platform scans what is stored only in part: silence is no "no".
    sensitiveData: alerts.some(saysSensitive) ? true : null,
    iamRoles: permissions.iamRoles,
    findings: unique([...alerts.map(alertFinding).filter(isCurrent(since)), ...workload.rows, ...external.rows]),
    ...unreadIn([{ rejected }, workload, external]),
  };
}

async function readWorkload(parts: PrismaParts, host: { accountId: string; id: string }): Promise<Readings<Finding>> {
  const { compute, config, clock } = parts;
  if (compute === null) return NONE;
  const since = new Date(clock() - config.incidentDays * DAY).toISOString();
  const [record, incidents] = await Promise.all([readHost(compute, host), readIncidents(compute, host, since)]);
  return { rows: [...hostFindings(record), ...incidents.rows], rejected: incidents.rejected };
}

/** What was resolved long ago is history; a resolution without a date is kept. */
function isCurrent(since: string): (finding: Finding) => boolean {
  return (finding) => finding.status_id !== 4 || finding.last_seen_time === null || finding.last_seen_time >= since;
}

/** Lists that move while being read repeat rows, and two scanners find one CVE: the first reading with details counts. */
function unique(findings: readonly Finding[]): Finding[] {
  const kept = new Map<string, Finding>();
  const cves = new Set<string>();
  for (const finding of findings) {
    const bare =
      finding.cve !== null && finding.cve.known_exploited === null && finding.cve.is_exploit_available === null;
    if (kept.has(finding.uid) || (bare && cves.has(finding.cve?.uid ?? ''))) continue;
    if (finding.cve) cves.add(finding.cve.uid);
    kept.set(finding.uid, finding);
  }
  return [...kept.values()];
}
