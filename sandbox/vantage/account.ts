import type { BillCommitment, BillSource } from '../kit/bill-source.ts';
import { resourceToken } from './anomalies.ts';
import type { VantageSimulatorOptions } from './types.ts';

const DAY_MS = 86_400_000;
const SEEN_DAYS = 30;
const isoDay = (epochMs: number) => new Date(epochMs).toISOString().slice(0, 10);
const CREATED = '2024-01-01T00:00:00Z';

export const ONE_WORKSPACE = [{ token: 'wrkspc_0000000000000001', name: 'Sandbox', currency: 'USD' }];

export function meOf(workspaces: NonNullable<VantageSimulatorOptions['workspaces']>, scope: readonly string[]) {
  return {
    default_workspace_token: workspaces[0]?.token ?? null,
    default_dashboard_token: null,
    workspaces: workspaces.map(({ token, name, currency = 'USD', converts = false }) => ({
      token,
      name,
      created_at: CREATED,
      enable_currency_conversion: converts,
      currency,
      exchange_rate_date: 'daily_rate',
    })),
    bearer_token: { created_at: CREATED, description: 'idlewise', scope },
  };
}

/** The commitments that paid for something lately. */
export async function commitmentsOf(bill: BillSource, workspaceToken: string) {
  const until = bill.until();
  const rows = await bill.rows({ from: isoDay(until - 7 * DAY_MS), to: isoDay(until) });
  const held = new Map<string, { commitment: BillCommitment; accountId: string }>();
  for (const { commitment, accountId } of rows)
    if (commitment) held.set(`${commitment.type} ${commitment.id}`, { commitment, accountId });
  return [...held.values()].map(({ commitment, accountId }) => ({
    commitment_type: commitment.type === 'reservation' ? 'Reserved Instance' : 'Savings Plan',
    service: 'Compute',
    account: accountId,
    type: commitment.type === 'reservation' ? 'm5.large' : '1 Year Compute Savings Plan',
    amount: null,
    term: '1 Year',
    payment_type: 'No upfront',
    region: null,
    purchase_date: '2024-01-01',
    // The last day on which it still holds.
    expiration_date: isoDay(Date.parse(commitment.endsAt ?? '2099-01-01') - DAY_MS),
    commitment: '$1.00',
    status: 'active',
    created_at: CREATED,
    workspace_token: workspaceToken,
  }));
}

/** One resource that was billed in the last 30 days, or null. */
export async function resourceOf(bill: BillSource, token: string) {
  const until = bill.until();
  const rows = await bill.rows({ from: isoDay(until - SEEN_DAYS * DAY_MS), to: isoDay(until + DAY_MS) });
  const row = rows.find((r) => r.resourceId !== null && resourceToken(r.resourceId) === token);
  if (!row) return null;
  return {
    token,
    uuid: row.resourceId as string,
    type: row.service === 'Amazon Elastic Compute Cloud - Compute' ? 'aws_instance' : 'aws_resource',
    label: row.resourceName,
    metadata: {},
    account_id: row.accountId,
    billing_account_id: row.accountId,
    provider: row.provider,
    region: row.region,
    created_at: CREATED,
    tags: row.tags,
  };
}
