import type { Finding, Posture } from '../../../schemas/posture.ts';
import type { KnownAsset } from '../../../ports/cnapp.ts';
import { unreadIn } from '../unread.ts';
import { alertFinding } from './alert-finding.ts';
import { readAlerts } from './alerts.ts';
import { assertSame, getAsset, namesIn, type OrcaAsset, vendorIdOf } from './asset.ts';
import { anyOf, exposureOf, labelled } from './asset-state.ts';
import type { Context } from './context.ts';
import { VENDOR } from './errors.ts';
import { flag } from './values.ts';
import { readVulnerabilities } from './vulnerabilities.ts';

/** Everything Orca knows of one asset: the asset, its alerts, its vulnerabilities. Three requests when no list is long. */
export async function readPosture(context: Context, asset: KnownAsset): Promise<Posture> {
  const vendorId = await vendorIdOf(context, asset);
  const found = await getAsset(context, vendorId);
  assertSame(context, found, asset);
  const [alerts, vulnerabilities] = await Promise.all([
    readAlerts(context, vendorId),
    readVulnerabilities(context, [vendorId]),
  ]);
  const { sensitiveLabels, adminLabels } = context.config;
  const { values } = found;
  const labels = [found.labels, values['Observations']];
  const internetExposed = anyOf(found.internetFacing, exposureOf(values), labelled(found.labels, ['internet_facing']));
  return {
    source: VENDOR,
    vendorId,
    observedAt: new Date(context.clock()).toISOString(),
    internetExposed,
    openPorts: internetExposed === false ? [] : openPorts(values['IngressPorts'], internetExposed),
    adminPrivileges: anyOf(...labels.map((list) => labelled(list, adminLabels))),
    sensitiveData: anyOf(flag(values['SensitiveData']), ...labels.map((list) => labelled(list, sensitiveLabels))),
    iamRoles: iamRoles(found),
    findings: unique([...alerts.rows.map(alertFinding), ...vulnerabilities.rows]),
    ...unreadIn([alerts, vulnerabilities]),
  };
}

/** Ports that may be reached, e.g. `22`, `8000-8100`. An exposed asset without stated ports reads `unknown`. */
function openPorts(value: unknown, exposed: boolean | null): string[] {
  const list = Array.isArray(value) ? value : [];
  const ports = list.filter((port) => typeof port === 'string' || typeof port === 'number').map(String);
  if (ports.length === 0) return exposed ? ['unknown'] : [];
  return [...new Set(ports)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** The role of the machine. The list `compute.roles` is another thing: what the machine serves, such as ssh. */
function iamRoles(found: OrcaAsset): string[] | null {
  const roles = [...namesIn(found.iamRole), ...namesIn(found.values['InstanceProfile'])];
  return roles.length === 0 ? null : [...new Set(roles)].sort();
}

/** Lists that move while being read repeat rows; the later reading counts. */
function unique(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [finding.uid, finding])).values()];
}
