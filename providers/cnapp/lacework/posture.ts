import { kindOf } from '../../../domain/resource-kinds.ts';
import type { Finding, Posture } from '../../../schemas/posture.ts';
import type { Readings } from '../../../ports/rows.ts';
import { unreadIn } from '../unread.ts';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { KnownAsset } from '../../../ports/cnapp.ts';
import type { AccountFacts } from './account-facts.ts';
import type { AssetNames } from './alert-entities.ts';
import type { Alerts } from './alerts.ts';
import { complianceFindings } from './compliance.ts';
import { failure, VENDOR } from './errors.ts';
import { anyOf, type Document } from './fields.ts';
import { identityOf, profileOf } from './identity.ts';
import type { Collected } from './inventory-row.ts';
import { findAsset } from './lookup.ts';
import { type Machine, readMachine } from './machine.ts';
import { groupIdsOf, type Reach, reachOf } from './network.ts';
import type { Reader } from './reading.ts';
import { cloudOf } from './resource-types.ts';
import { searchAll } from './search.ts';
import { vulnerabilityFindings } from './vulnerabilities.ts';

const NONE: Readings<Finding> = { rows: [], rejected: [] };

export interface PostureReader extends Reader {
  readonly clock: () => number;
  readonly alerts: Alerts;
  readonly facts: AccountFacts;
}

/** Everything Lacework knows of one asset: its newest configuration, and what machines, reports and alerts say of it. */
export async function readPosture(reader: PostureReader, asset: KnownAsset): Promise<Posture> {
  const now = reader.clock();
  const found = await findAsset(reader, asset, { from: now - reader.config.window, to: now });
  if (found === null)
    throw failure('posture', Kind.NotFound, `no collection in cnapp.lacework.window has seen ${asset.assetKey}`);
  const configuration = found.configuration ?? {};
  const machineId = kindOf(asset.resourceType) === 'instance' ? found.machineId : null;
  const machine = machineId === null ? null : await readMachine(reader, machineId, now);
  const names = namesOf(found, machineId, machine);
  const [vulnerabilities, violations, alerts, reach, identity] = await Promise.all([
    machineId === null ? NONE : hostVulnerabilities(reader, machineId, now),
    reader.facts.violations(asset.accountId),
    reader.alerts.about(names),
    reachIn(reader, asset, configuration),
    identityIn(reader, asset, configuration),
  ]);
  const exposed = exposureOf(reach, machine);
  return {
    source: VENDOR,
    vendorId: found.asset.vendorId,
    observedAt: new Date(now).toISOString(),
    internetExposed: exposed,
    openPorts: exposed === false ? [] : portsOf(reach, exposed),
    adminPrivileges: identity.admin,
    sensitiveData: null,
    iamRoles: identity.roles,
    findings: [...vulnerabilities.rows, ...complianceFindings(violations.rows, names.ids), ...alerts.rows],
    ...unreadIn([vulnerabilities, violations, alerts]),
  };
}

function namesOf({ asset }: Collected, machineId: string | null, machine: Machine | null): AssetNames {
  const ids = [asset.assetKey, asset.vendorId, ...(machineId === null ? [] : [machineId])];
  // A name that people chose, as databases have, may be said of many things.
  if (/^[a-z]+-[0-9a-f]{8,}$|[/:]/.test(asset.resourceId)) ids.push(asset.resourceId);
  // Reports leave the two slashes of Google Cloud's full names away at times.
  const all = asset.assetKey.startsWith('//') ? [...ids, asset.assetKey.slice(2)] : ids;
  return {
    ids: new Set(all.map((id) => id.toLowerCase())),
    mid: machine?.mid ?? null,
    hostname: machine?.hostname?.toLowerCase() ?? null,
  };
}

async function hostVulnerabilities(reader: PostureReader, machineId: string, now: number) {
  const path = 'Vulnerabilities/Hosts/search';
  const rows = await searchAll(
    reader.client,
    {
      path,
      permission: 'read host vulnerabilities',
      span: { from: now - reader.config.window, to: now },
      filters: [{ field: 'machineTags.InstanceId', expression: 'eq', value: machineId }],
    },
    reader.maxPages,
  );
  return vulnerabilityFindings(rows, reader.config.names, path);
}

async function reachIn(reader: PostureReader, asset: KnownAsset, configuration: Document): Promise<Reach> {
  const needed = cloudOf(asset.accountId) === 'aws' && groupIdsOf(configuration).length > 0;
  return reachOf(configuration, needed ? await reader.facts.openGroups(asset.accountId) : new Map());
}

async function identityIn(reader: PostureReader, asset: KnownAsset, configuration: Document) {
  if (kindOf(asset.resourceType) !== 'instance') return { roles: null, admin: null };
  const roles = profileOf(configuration) === null ? null : await reader.facts.roles(asset.accountId);
  return identityOf(cloudOf(asset.accountId), configuration, roles);
}

/** The vendor's own word, and an open port at a public address. A private address alone proves nothing: see load balancers. */
function exposureOf(reach: Reach, machine: Machine | null): boolean | null {
  const open = reach.public === true && reach.ports !== null && reach.ports.length > 0 ? true : null;
  return anyOf(machine?.exposed, open, reach.public === false ? false : null);
}

/** Ports that are open to the internet; `unknown` where something is reachable and its rules are not known. */
function portsOf(reach: Reach, exposed: boolean | null): string[] {
  if (reach.ports !== null) return [...reach.ports];
  return exposed === true || reach.public === true ? ['unknown'] : [];
}
