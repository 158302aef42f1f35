import { z } from 'zod';
import { flattenConfiguration } from '../../../domain/attributes.ts';
import type { AssetRef, InventoryAsset } from '../../../schemas/asset.ts';
import type { ResourceType } from '../../../schemas/resource-type.ts';
import type { RejectedRow } from '../../../ports/rows.ts';
import { at, shown } from '../../rows.ts';
import { Tags } from '../../tags.ts';
import { type Document, documentOf, Instant, Text, textAt } from './fields.ts';
import { namesOf } from './resource-types.ts';
import type { Lacework } from './section.ts';
import { statusOf } from './status.ts';
import { refOfUrn } from './urn.ts';

const Row = z.object({
  urn: z.string({ error: 'must be the ARN, Azure resource id or full resource name of the resource' }).min(1),
  resourceType: z.string({ error: 'must be the type of the resource' }),
  resourceId: Text,
  resourceRegion: z.string({ error: 'must be text, or absent' }).nullish(),
  startTime: Instant,
  endTime: Instant,
  resourceTags: Tags,
  resourceConfig: z.unknown().optional(),
  status: z.object({ status: Text }).nullish().catch(null),
});

/** One collected resource, with the configuration that postures are read from. */
export interface Collected {
  readonly asset: InventoryAsset;
  readonly configuration: Document | null;
  /** How agents and scans name the machine; null for what says no such name. */
  readonly machineId: string | null;
  /** When the collection that saw it ended, ISO; empty when the vendor did not say. */
  readonly collectedAt: string;
}

export type RowResult =
  | { readonly kind: 'asset'; readonly found: Collected }
  /** Another region than asked for: nothing wrong with it. */
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'rejected'; readonly rejected: RejectedRow };

export interface RowQuery {
  readonly accountId: string;
  /** Null: any. */
  readonly region: string | null;
  readonly resourceTypes: readonly ResourceType[];
}

/** One inventory row, or why it cannot be used. */
export function readInventoryRow(node: unknown, query: RowQuery, names: Lacework['names']): RowResult {
  const reject = (field: string, found: unknown, fix: string): RowResult => ({
    kind: 'rejected',
    rejected: { field, found: shown(found), fix, rowId: rowIdOf(node) },
  });
  const parsed = Row.safeParse(node);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return reject(issue?.path.join('.') || 'row', at(node, issue?.path ?? []), issue?.message ?? 'must be an object');
  }
  const row = parsed.data;
  const types = query.resourceTypes.filter((type) => namesOf(type, names).includes(row.resourceType));
  const region = row.resourceRegion ?? null;
  const asset = refOfUrn(row.urn, { accountId: query.accountId, region, types });
  if (!asset.ok) return reject('urn', row.urn, asset.reason);
  const ref = asset.value;
  if (ref.accountId !== query.accountId) return reject('urn', row.urn, `must be in account ${query.accountId}`);
  if (query.region !== null && ref.region !== query.region) return { kind: 'elsewhere' };
  const configuration = documentOf(row.resourceConfig);
  const machineId = textAt(configuration, names.machineId[ref.provider]);
  return {
    kind: 'asset',
    found: { asset: assetOf(ref, row, configuration), configuration, machineId, collectedAt: row.endTime ?? '' },
  };
}

function assetOf(ref: AssetRef, row: z.infer<typeof Row>, configuration: Document | null): InventoryAsset {
  const tags = row.resourceTags;
  const attributes = configuration === null ? null : flattenConfiguration(configuration);
  return {
    ...ref,
    name: tags['Name'] ?? nameIn(configuration) ?? row.resourceId ?? ref.resourceId,
    vendorId: row.urn,
    status: row.status?.status === 'error' ? 'error' : statusOf(ref.resourceType, attributes),
    createdAt: createdIn(configuration),
    lastSeenAt: row.endTime,
    tags,
    internetExposed: null,
    adminPrivileges: null,
    sensitiveData: null,
    criticalIssues: null,
    highIssues: null,
    ...(attributes === null ? {} : { attributes }),
  };
}

const NAME_AT = ['name', 'Name', 'LoadBalancerName', 'DBInstanceIdentifier', 'FunctionName'];

function nameIn(configuration: Document | null): string | null {
  for (const path of NAME_AT) {
    const name = textAt(configuration, path);
    if (name !== null) return name;
  }
  return null;
}

/** A machine's start is later than its creation: for an age that is the careful side. */
const CREATED_AT = [
  'CreateTime',
  'CreatedTime',
  'InstanceCreateTime',
  'creationTimestamp',
  'timeCreated',
  'properties.timeCreated',
  'CreationDate',
  'CreateDate',
  'createTime',
  'LaunchTime',
];

function createdIn(configuration: Document | null): string | null {
  for (const path of CREATED_AT) {
    const created = Instant.safeParse(textAt(configuration, path)).data ?? null;
    if (created !== null) return created;
  }
  return null;
}

function rowIdOf(node: unknown): string | null {
  return textAt(node, 'urn') ?? textAt(node, 'resourceId');
}
