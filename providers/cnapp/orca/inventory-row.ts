import { z } from 'zod';
import { flattenConfiguration } from '../../../domain/attributes.ts';
import type { InventoryAsset, ResourceType } from '../../../schemas/asset.ts';
import type { InventoryQuery } from '../../../ports/cnapp.ts';
import type { RejectedRow } from '../../../ports/rows.ts';
import { shown } from '../../rows.ts';
import { Tags } from '../../tags.ts';
import { refOfValues } from './asset-key.ts';
import { anyOf, exposureOf, labelled, statusOf } from './asset-state.ts';
import { flag, instant, rowOf, type Values } from './values.ts';

const When = z
  .string({ error: 'must be an ISO-8601 instant, or absent' })
  .refine((value) => instant(value) !== null, { error: 'must be an ISO-8601 instant, or absent' })
  .transform((value) => instant(value))
  .nullish();

const Fields = z.object({
  assetUniqueId: z.string({ error: 'must be the asset_unique_id of the row' }),
  name: z.string({ error: 'must be text' }).min(1),
  CreationTime: When,
  FirstSeen: When,
  LastSeen: When,
  Tags,
});

export interface RowContext {
  readonly query: Pick<InventoryQuery, 'accountId' | 'region'>;
  /** Model → type, of what was asked for. */
  readonly asked: ReadonlyMap<string, ResourceType>;
  readonly idKeys: readonly string[];
  readonly sensitiveLabels: readonly string[];
  readonly adminLabels: readonly string[];
}

export type RowResult =
  | { readonly ok: true; readonly asset: InventoryAsset }
  | { readonly ok: false; readonly rejected: RejectedRow };

/** One inventory row, or why it cannot be used. */
export function readInventoryRow(node: unknown, context: RowContext): RowResult {
  const row = rowOf(node);
  const reject = (field: string, found: unknown, fix: string): RowResult => ({
    ok: false,
    rejected: { field, found: shown(found), fix, rowId: row?.assetUniqueId ?? row?.id ?? null },
  });
  if (row === null) return reject('row', node, 'must be an object');
  const { query, asked, idKeys } = context;
  const { values } = row;
  const resourceType = row.type === null ? undefined : asked.get(row.type);
  if (resourceType === undefined) return reject('type', row.type, 'must be one of the models that were asked for');
  const fields = { ...values, assetUniqueId: row.assetUniqueId, name: row.name ?? values['Name'] };
  const parsed = Fields.safeParse(fields);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = issue?.path ?? [];
    return reject(path.join('.'), fields[String(path[0]) as keyof typeof fields], issue?.message ?? 'cannot be read');
  }
  const ref = refOfValues(values, idKeys, { resourceType, ...query });
  if (!ref)
    return reject(
      idKeys.join(' or '),
      idKeys.map((key) => values[key]).find((value) => value !== undefined) ?? null,
      `must be the cloud's id of a ${resourceType}; set cnapp.orca.idKeys to the key that has it`,
    );
  if (ref.accountId !== query.accountId || ref.region !== query.region || !inRegion(values, query.region))
    return reject('Region', `${ref.accountId} ${values['Region']}`, `must be in ${query.accountId} ${query.region}`);
  const { data } = parsed;
  return {
    ok: true,
    asset: {
      ...ref,
      name: data.name,
      vendorId: data.assetUniqueId,
      status: statusOf(values['State'], resourceType),
      // Where the cloud keeps no creation time, the first sighting is the least age the asset can have.
      createdAt: data.CreationTime ?? data.FirstSeen ?? null,
      lastSeenAt: data.LastSeen ?? null,
      tags: data.Tags,
      internetExposed: exposureOf(values),
      adminPrivileges: labelled(values['Observations'], context.adminLabels),
      sensitiveData: anyOf(flag(values['SensitiveData']), labelled(values['Observations'], context.sensitiveLabels)),
      criticalIssues: null,
      highIssues: null,
      attributes: flattenConfiguration(configurationOf(values)),
    },
  };
}

/** Azure ids name no region, so the row's own has to agree with the one that was asked for. */
function inRegion(values: Values, region: string): boolean {
  const said = values['Region'];
  return typeof said !== 'string' || said.toLowerCase().replaceAll(' ', '') === region.toLowerCase();
}

/** Tags are a field of their own. */
function configurationOf({ Tags: _tags, ...values }: Values): Values {
  return values;
}
