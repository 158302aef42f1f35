import type { Decimal } from 'decimal.js';
import { decimalOf } from '../shared/exact.ts';
import { ALLOWED, CHARGE_CATEGORIES, type ChargeCategory, OTHER_DECIMALS } from './columns.ts';
import { readTags } from '../../../domain/tags.ts';
import { accountIn, whoseRow } from './whose-row.ts';
import { type Cell, instantOf, textOf } from './values.ts';

/** One accepted charge. Times are milliseconds since 1970, ends exclusive; amounts are exact. */
export interface FocusRow {
  readonly accountId: string;
  readonly resourceId: string | null;
  readonly regionId: string | null;
  readonly serviceName: string | null;
  readonly currency: string;
  readonly category: ChargeCategory;
  readonly frequency: string | null;
  readonly start: number;
  readonly end: number;
  readonly billed: Decimal;
  readonly effective: Decimal;
  readonly commitment: {
    readonly id: string;
    readonly type: string | null;
    readonly category: string | null;
    readonly status: string | null;
    /** Milliseconds since 1970, where the file says it: FOCUS itself has no such column. */
    readonly end: number | null;
  } | null;
  /** Null where they cannot be read. */
  readonly tags: Readonly<Record<string, string>> | null;
}

/** What is wrong with one value: column, what was found, and the fix. */
export interface Complaint {
  readonly column: string;
  readonly found: string;
  readonly fix: string;
}

/** `row` with doubts about values nothing depends on, or the `complaint` for which the row is rejected. */
export type Checked =
  | { readonly row: FocusRow; readonly doubts: readonly Complaint[] }
  | { readonly complaint: Complaint };

export type Cells = Readonly<Record<string, Cell>>;

const MAX_PERIOD_MS = 6 * 366 * 86_400_000;
const IN_UTC = 'write it as 2025-01-31T00:00:00Z';

/** Strict about money, time, currency and the kind of charge; tolerant about everything else. */
export function checkRow(cells: Cells): Checked {
  const complaints: Complaint[] = [];
  const reject = (column: string, fix: string) => void complaints.push(complaint(cells, column, fix));
  const needed = <T>(column: string, parse: (text: string) => T | undefined, fix: string): T | undefined => {
    const text = textOf(cells[column]);
    const value = text === null ? undefined : parse(text);
    if (value === undefined) reject(column, text === null ? `must not be empty; ${fix}` : fix);
    return value;
  };
  const amount = 'write a plain number such as 12.50, without currency sign or thousands separator';
  const billed = needed('BilledCost', decimalOf, amount);
  const effective = needed('EffectiveCost', decimalOf, amount);
  const currency = needed(
    'BillingCurrency',
    (t) => (/^[A-Z]{3}$/i.test(t) ? t.toUpperCase() : undefined),
    'use an ISO 4217 code such as USD',
  );
  const category = needed(
    'ChargeCategory',
    (t) => CHARGE_CATEGORIES.find((c) => c === t),
    `use one of ${CHARGE_CATEGORIES.join(', ')}`,
  );
  const start = needed('ChargePeriodStart', instantOf, IN_UTC);
  const end = needed('ChargePeriodEnd', instantOf, IN_UTC);
  const billingStart = needed('BillingPeriodStart', instantOf, IN_UTC);
  const billingEnd = needed('BillingPeriodEnd', instantOf, IN_UTC);
  needed('BillingAccountId', (t) => t, 'name the account that is billed');
  if (start !== undefined && end !== undefined) {
    if (end < start) reject('ChargePeriodEnd', 'must not be before ChargePeriodStart');
    else if (end - start > MAX_PERIOD_MS) reject('ChargePeriodEnd', 'no charge runs for more than six years');
  }
  if (billingStart !== undefined && billingEnd !== undefined && billingEnd <= billingStart)
    reject('BillingPeriodEnd', 'must be after BillingPeriodStart');
  for (const column of ['ListCost', 'ContractedCost']) {
    const text = textOf(cells[column]);
    if (text !== null && decimalOf(text) === undefined) reject(column, amount);
  }
  const first = complaints[0];
  if (first) return { complaint: first };

  const commitmentId = textOf(cells['CommitmentDiscountId']);
  const tags = readTags(cells['Tags']);
  const row: FocusRow = {
    ...whoseRow(cells),
    accountId: accountIn(cells) as string,
    serviceName: textOf(cells['ServiceName']),
    currency: currency as string,
    category: category as ChargeCategory,
    frequency: textOf(cells['ChargeFrequency']),
    start: start as number,
    end: end as number,
    billed: billed as Decimal,
    effective: effective as Decimal,
    commitment:
      commitmentId === null
        ? null
        : {
            id: commitmentId,
            type: textOf(cells['CommitmentDiscountType']),
            category: textOf(cells['CommitmentDiscountCategory']),
            status: textOf(cells['CommitmentDiscountStatus']),
            end: instantOf(textOf(cells['x_CommitmentDiscountEnd']) ?? '') ?? null,
          },
    tags: tags.ok ? tags.value : null,
  };
  return { row, doubts: doubtsOf(cells) };
}

/** Values that are not what the specification allows where nothing is computed from them: kept or unknown, and told. */
function doubtsOf(cells: Cells): Complaint[] {
  const doubts: Complaint[] = [];
  const doubt = (column: string, fix: string) => void doubts.push(complaint(cells, column, fix));
  for (const [column, allowed] of Object.entries(ALLOWED)) {
    const text = textOf(cells[column]);
    if (text !== null && !allowed.includes(text)) doubt(column, `use one of ${allowed.join(', ')}, or nothing`);
  }
  for (const column of OTHER_DECIMALS) {
    const text = textOf(cells[column]);
    if (text !== null && decimalOf(text) === undefined) doubt(column, 'write a plain number, or nothing');
  }
  for (const column of ['Tags', 'SkuPriceDetails'])
    if (!readTags(cells[column]).ok) doubt(column, 'write a JSON object, or nothing');
  const zone = textOf(cells['AvailabilityZone']);
  if (zone !== null && zone.includes('.') && decimalOf(zone) !== undefined)
    doubt('AvailabilityZone', 'this is a number: a neighbouring column has slipped in');
  return doubts;
}

function complaint(cells: Cells, column: string, fix: string): Complaint {
  return { column, found: (textOf(cells[column]) ?? 'nothing').slice(0, 80), fix };
}
