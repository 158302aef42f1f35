import type { Readings } from '../../../ports/rows.ts';
import { readRows, textOf } from '../../rows.ts';
import type { Alert } from './alert-rows.ts';
import { olderAlert, servingAlert } from './alert-rows.ts';
import { hasAsset, isIn } from './conditions.ts';
import type { Context } from './context.ts';
import { type Page, readPage, readWhole } from './paging.ts';
import { VENDOR } from './errors.ts';

const OPERATION = 'alerts';
export const READ_ALERTS = 'read alerts';

/** Every alert of one asset: the open ones, and those closed not too long ago. */
export async function readAlerts(context: Context, vendorId: string): Promise<Readings<Alert>> {
  const older = context.config.alertApi === 'query';
  const pageAt = older ? olderPage(context, vendorId) : servingPage(context, vendorId);
  const nodes = await readWhole(OPERATION, pageAt, context);
  const since = new Date(context.clock() - context.resolvedDays * 86_400_000).toISOString();
  const { rows, rejected } = readAlertRows(nodes, older ? olderAlert : servingAlert);
  return { rows: rows.filter((alert) => alert.closedAt === null || alert.closedAt >= since), rejected };
}

/** Rows of either interface, one by one. */
export function readAlertRows(nodes: readonly unknown[], read: (node: unknown) => Alert): Readings<Alert> {
  const idOf = (node: unknown) => textOf(node, 'id') ?? textOf(node, 'type_string');
  return readRows(nodes, { provider: VENDOR, operation: OPERATION, read, idOf });
}

function olderPage(context: Context, vendorId: string) {
  return async (start: number, limit: number): Promise<Page> => {
    // Public clients send the filter as JSON text in the query of a GET; none POSTs an object.
    const query = new URLSearchParams({
      dsl_filter: JSON.stringify({
        filter: [{ field: 'asset_unique_id', includes: [vendorId] }],
        sort: [{ field: 'state.created_at', order: 'asc' }],
      }),
      limit: String(limit),
      start_at_index: String(start),
      show_all_statuses_alerts: 'true',
      show_informational_alerts: 'true',
    });
    const body = await context.client.call({
      operation: OPERATION,
      method: 'GET',
      path: `/api/query/alerts?${query}`,
      needs: READ_ALERTS,
    });
    return readPage(OPERATION, body);
  };
}

function servingPage({ serving, config }: Context, vendorId: string) {
  return (start: number, limit: number): Promise<Page> =>
    serving.ask({
      operation: OPERATION,
      models: ['Alert'],
      conditions: [hasAsset(config.alertRelation, [isIn('AssetUniqueId', [vendorId])])],
      orderBy: 'CreatedAt',
      limit,
      start,
      needs: READ_ALERTS,
    });
}
