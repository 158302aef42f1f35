import { billKey } from '../../../domain/cloud-ids/index.ts';
import type { TrendDay } from '../shared/account-trend.ts';
import type { CostLine, LineCommitment } from '../shared/cost-line.ts';
import { decimalOf } from '../shared/exact.ts';
import type { ResourceRow, TotalRow } from './sql.ts';

/** Credits are computed apart from what they take off, and may exceed it by less than this. */
const ROUNDING = 0.01;

/**
 * Up to three lines: what commitments of either kind paid, and the rest. Effective is what the asset would cost without its
 * commitments, with every other discount; billed is what was invoiced after all credits.
 */
export function linesOf(row: ResourceRow): CostLine[] {
  const base = {
    date: row.usage_day,
    resourceId: resourceOf(row),
    currency: row.currency_code,
    regionId: row.region_id,
    serviceName: row.service_name,
  };
  const amounts = [row.charged, row.credited, row.gifted, row.by_resource_commitments, row.by_spend_commitments].map(
    decimalOf,
  );
  const [cost, credits, gifts, byResource, bySpend] = amounts;
  if (row.unreadable > 0 || !cost || !credits || !gifts || !byResource || !bySpend)
    return [{ ...base, effective: 'NaN', billed: 'NaN', commitment: null }];
  const net = cost.plus(credits);
  const invoiced = net.lt(0) && net.gt(-ROUNDING) ? '0' : net.toFixed();
  const commitmentLine = (paid: typeof byResource, type: LineCommitment['type']): CostLine[] =>
    paid.isZero()
      ? []
      : [
          {
            ...base,
            effective: paid.negated().toFixed(),
            billed: '0',
            // The export does not say when a commitment ends.
            commitment: { type, id: row.commitment_id, endsAt: null },
          },
        ];
  const model = committedModel(row);
  return [
    // Under a committed model all of it is what the commitment would cost anyway: stopping the asset saves none of it.
    { ...base, effective: net.minus(gifts).toFixed(), billed: invoiced, commitment: model },
    ...commitmentLine(byResource, 'reservation'),
    ...commitmentLine(bySpend, 'savings-plan'),
  ];
}

/** The commitment whose consumption model priced this usage; null for the default model, which is on demand. */
function committedModel({ model_id: id, model_name: name }: ResourceRow): LineCommitment | null {
  const isDefault = (word: string | null) => word === null || /^\s*(default( consumption model)?)?\s*$/i.test(word);
  // Either of the two may be missing; what names another model than the default is covered.
  if (isDefault(name) && (name !== null || isDefault(id))) return null;
  return { type: 'savings-plan', id: id ?? name, endsAt: null };
}

/**
 * The asset a row is of: the export has numbers for projects and resources, and beside them what they stand for. Empty when
 * no resource is named.
 */
export function resourceOf(
  row: Partial<
    Record<'global_name' | 'resource_name' | 'project_id' | 'project_number' | 'zone_id' | 'region_id', string | null>
  >,
): string {
  return billKey(row.global_name ?? '', {
    accountId: row.project_id,
    projectNumber: row.project_number,
    name: row.resource_name,
    region: row.zone_id ?? row.region_id,
  });
}

/** One project's total of one day, after commitments and their fees. A day with an amount that is none has no total. */
export function totalOf(row: TotalRow): TrendDay {
  const { usage_day: date, currency_code: currency } = row;
  const [charged, credited, gifted] = [row.charged, row.credited, row.gifted].map(decimalOf);
  const readable = row.unreadable === 0 && charged && credited && gifted;
  return { date, amount: readable ? charged.plus(credited).minus(gifted).toFixed() : 'NaN', currency };
}
