import type { IdleSignal } from '../../../ports/cnapp.ts';
import { readRows } from '../../rows.ts';
import { servingAlert } from './alert-rows.ts';
import { READ_ALERTS } from './alerts.ts';
import { refOfValues } from './asset-key.ts';
import { has, hasAsset, isIn } from './conditions.ts';
import type { Context } from './context.ts';
import { VENDOR } from './errors.ts';
import { readWhole } from './paging.ts';
import { rowOf } from './values.ts';

const OPERATION = 'idle-signals';

/**
 * Open alerts of the configured types in one account and region. Orca has no measure of use: these are its controls on
 * cost, such as a disk that hangs on nothing. An alert whose asset or time cannot be read is left out.
 */
export async function idleSignals(
  context: Context,
  query: { readonly accountId: string; readonly region: string },
): Promise<readonly IdleSignal[]> {
  const { config, serving, models } = context;
  if (config.idleAlertTypes.length === 0) return [];
  const nodes = await readWhole(
    OPERATION,
    (start, limit) =>
      serving.ask({
        operation: OPERATION,
        models: ['Alert'],
        conditions: [
          isIn('AlertType', config.idleAlertTypes),
          isIn('Status', ['open', 'in_progress']),
          has('CloudAccount', [isIn(config.accountKey, [query.accountId])]),
          hasAsset(config.alertRelation, [isIn('Region', [query.region])]),
        ],
        orderBy: 'CreatedAt',
        with: [config.alertRelation],
        limit,
        start,
        needs: READ_ALERTS,
      }),
    context,
  );
  const types = new Map([...models].map(([type, model]) => [model, type]));
  const read = (node: unknown): IdleSignal | null => {
    const alert = servingAlert(node);
    const observedAt = alert.lastSeenAt ?? alert.createdAt;
    const inventory = rowOf(first(rowOf(node)?.values[config.alertRelation]));
    const resourceType = types.get(inventory?.type ?? '');
    if (inventory === null || resourceType === undefined || observedAt === null || alert.type === null) return null;
    const ref = refOfValues(inventory.values, config.idKeys, { resourceType, ...query });
    if (ref === null) return null;
    return { assetKey: ref.assetKey, kind: alert.type, title: alert.title ?? alert.type, observedAt };
  };
  const { rows } = readRows(nodes, { provider: VENDOR, operation: OPERATION, read });
  return rows.filter((signal) => signal !== null);
}

/** A set of one comes as a list in some answers. */
const first = (value: unknown): unknown => (Array.isArray(value) ? (value as readonly unknown[])[0] : value);
