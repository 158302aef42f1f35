import type { DailyBillRow } from '../kit/bill-source.ts';
import { chargeTypeOf } from './charge-types.ts';

/** What the API answers with 400. */
export class BadRequest extends Error {}

const TERM = /^\s*costs\.([a-z_]+)\s*(?:=\s*'([^']*)'|IN\s*\(([^)]*)\))\s*$/i;

const FIELDS: Readonly<Record<string, (row: DailyBillRow) => string>> = {
  provider: (row) => row.provider,
  account_id: (row) => accountIdOf(row),
  provider_account_id: (row) => billingAccountOf(row),
  service: (row) => row.service,
  region: (row) => row.region ?? '',
  resource_id: (row) => row.resourceId ?? '',
  charge_type: (row) => chargeTypeOf(row),
};

/** The part of VQL that is a list of terms joined by AND. A filter without a provider is refused, as Vantage does. */
export function parseVql(filter: string): (row: DailyBillRow) => boolean {
  const terms = filter.split(/\s+AND\s+/i).map((text) => {
    const match = TERM.exec(text);
    const field = FIELDS[match?.[1] ?? ''];
    if (!match || !field) throw new BadRequest(`Invalid filter: cannot read "${text.slice(0, 80)}"`);
    const values = match[2] !== undefined ? [match[2]] : [...(match[3] ?? '').matchAll(/'([^']*)'/g)].map((m) => m[1]);
    return { name: match[1], field, values: new Set(values) };
  });
  if (!terms.some((t) => t.name === 'provider')) throw new BadRequest('Invalid filter: costs.provider is required');
  return (row) => terms.every((t) => t.values.has(t.field(row)));
}

/** An Azure subscription is what Vantage calls the billing account; the account is then the resource group. */
export function accountIdOf(row: DailyBillRow): string {
  if (row.provider !== 'azure') return row.accountId;
  return /\/resourcegroups\/([^/]+)/i.exec(row.resourceId ?? '')?.[1] ?? '';
}

export function billingAccountOf(row: DailyBillRow): string {
  return row.provider === 'azure' ? row.accountId : `${row.provider}-payer`;
}
