import { at, type Document, listAt, textAt } from './fields.ts';
import type { ConfigurationRow } from './query.ts';

/** Ports each security group opens to the whole internet, by group id. */
export type OpenGroups = ReadonlyMap<string, readonly string[]>;

/** What a network configuration lets in. `ports` null: the rules are not known. */
export interface Reach {
  readonly ports: readonly string[] | null;
  /** Whether the resource has a public address or endpoint; null: its configuration does not say. */
  readonly public: boolean | null;
}

export function openGroups(rows: readonly ConfigurationRow[]): OpenGroups {
  return new Map(rows.map((row) => [row.resourceId, listAt(row.configuration, 'IpPermissions').flatMap(portsOf)]));
}

/** Security groups and public address of an AWS resource, wherever its kind of resource keeps them. */
export function reachOf(configuration: Document, groups: OpenGroups): Reach {
  const ids = groupIdsOf(configuration);
  const known = ids.every((id) => groups.has(id));
  const ports = ids.length === 0 || !known ? null : sorted(ids.flatMap((id) => groups.get(id) ?? []));
  return { ports, public: publicly(configuration) };
}

export function groupIdsOf(configuration: Document): readonly string[] {
  const lists = ['SecurityGroups', 'VpcSecurityGroups'].flatMap((key) => listAt(configuration, key));
  const ids = lists.map((group) =>
    typeof group === 'string' ? group : (textAt(group, 'GroupId') ?? textAt(group, 'VpcSecurityGroupId')),
  );
  return [...new Set(ids.filter((id) => id !== null))];
}

function publicly(configuration: Document): boolean | null {
  if (textAt(configuration, 'PublicIpAddress') !== null) return true;
  const scheme = textAt(configuration, 'Scheme');
  if (scheme !== null) return scheme === 'internet-facing';
  const accessible = at(configuration, 'PubliclyAccessible');
  return typeof accessible === 'boolean' ? accessible : null;
}

function portsOf(permission: unknown): readonly string[] {
  const sources = [
    ...listAt(permission, 'IpRanges').map((range) => textAt(range, 'CidrIp')),
    ...listAt(permission, 'Ipv6Ranges').map((range) => textAt(range, 'CidrIpv6')),
  ];
  if (!sources.includes('0.0.0.0/0') && !sources.includes('::/0')) return [];
  const from = textAt(permission, 'FromPort');
  const to = textAt(permission, 'ToPort');
  if (from === null || to === null || from === '-1') return ['all'];
  return [from === to ? from : `${from}-${to}`];
}

function sorted(ports: readonly string[]): readonly string[] {
  return [...new Set(ports)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}
