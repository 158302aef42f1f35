import type { Alert } from './alert-rows.ts';
import { olderAlert, servingAlert } from './alert-rows.ts';
import { has, isIn } from './conditions.ts';
import type { Context } from './context.ts';
import { type Page, readPage, readWhole } from './paging.ts';
import { readRows } from './read-rows.ts';

const OPERATION = 'alerts';
export const READ_ALERTS = 'read alerts';

/** Every alert of one asset: the open ones, and those closed not too long ago. */
export async function readAlerts(context: Context, vendorId: string): Promise<readonly Alert[]> {
  const older = context.config.alertApi === 'query';
  const pageAt = older ? olderPage(context, vendorId) : servingPage(context, vendorId);
  const nodes = await readWhole(OPERATION, pageAt, context);
  const since = new Date(context.clock() - context.resolvedDays * 86_400_000).toISOString();
  return readRows(OPERATION, nodes, older ? olderAlert : servingAlert).filter(
    (alert) => alert.closedAt === null || alert.closedAt >= since,
  );
}

function olderPage(context: Context, vendorId: string) {
  return async (start: number, limit: number): Promise<Page> => {
    const body = await context.client.call({
      operation: OPERATION,
      method: 'POST',
      path: '/api/query/alerts',
      repeatable: true,
      needs: READ_ALERTS,
      body: {
        limit,
        start_at_index: start,
        dsl_filter: {
          filter: [{ field: 'asset_unique_id', includes: [vendorId] }],
          sort: [{ field: 'state.created_at', order: 'asc' }],
        },
        show_all_statuses_alerts: true,
        show_informational_alerts: true,
      },
    });
    return readPage(OPERATION, body);
  };
}

function servingPage({ serving }: Context, vendorId: string) {
  return (start: number, limit: number): Promise<Page> =>
    serving.ask({
      operation: OPERATION,
      models: ['Alert'],
      conditions: [has('Inventory', [isIn('AssetUniqueId', [vendorId])])],
      orderBy: 'CreatedAt',
      limit,
      start,
      needs: READ_ALERTS,
    });
}
