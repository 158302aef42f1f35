import { Transform } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { UnifiedRecord } from './record.ts';

type Cell = string | number | boolean | null | undefined;

/** Order and names are a promise (docs/export.md): new columns are added at the end. */
export const CSV_COLUMNS: readonly (readonly [name: string, of: (record: UnifiedRecord) => Cell])[] = [
  ['assetKey', (r) => r.assetKey],
  ['provider', (r) => r.provider],
  ['SubAccountId', (r) => r.accountId],
  ['RegionId', (r) => r.region],
  ['ResourceType', (r) => r.resourceType],
  ['ResourceId', (r) => r.resourceId],
  ['ResourceName', (r) => r.name],
  ['environment', (r) => r.environment],
  ['owner', (r) => r.owner],
  ['ownerTeam', (r) => r.ownerTeam],
  ['ServiceName', (r) => r.cost?.ServiceName],
  ['BillingCurrency', (r) => r.cost?.BillingCurrency],
  ['ChargePeriodStart', (r) => r.cost?.ChargePeriodStart],
  ['ChargePeriodEnd', (r) => r.cost?.ChargePeriodEnd],
  ['BilledCost', (r) => r.cost?.BilledCost],
  ['EffectiveCost', (r) => r.cost?.EffectiveCost],
  ['CommitmentDiscountType', (r) => r.cost?.CommitmentDiscountType],
  ['CommitmentDiscountId', (r) => r.cost?.CommitmentDiscountId],
  ['x_CommitmentCoverage', (r) => r.cost?.x_CommitmentCoverage],
  ['x_CommitmentEndsAt', (r) => r.cost?.x_CommitmentEndsAt],
  ['x_MonthlyRunRate', (r) => r.cost?.x_MonthlyRunRate],
  ['x_CostBasis', (r) => r.cost?.x_CostBasis],
  ['internetExposed', (r) => r.posture?.internetExposed],
  ['findings', (r) => r.findings?.length],
  ['criticalFindings', (r) => r.findings?.filter((f) => f.severity_id >= 5).length],
  ['highFindings', (r) => r.findings?.filter((f) => f.severity_id === 4).length],
  ['ocsfFindings', (r) => r.findings && JSON.stringify(r.findings)],
  ['verdicts', (r) => r.verdicts.map((v) => `${v.ruleId}=${v.verdict}`).join('; ')],
  ['riskLevel', (r) => r.riskLevel],
  ['riskScore', (r) => r.riskScore],
  ['priority', (r) => r.priority],
  ['monthlySaving', (r) => r.monthlySaving?.amount],
  ['monthlySavingCurrency', (r) => r.monthlySaving?.currency],
  ['ruleId', (r) => r.ruleId],
  ['stage', (r) => r.stage],
  ['outcome', (r) => r.outcome],
  ['outcomeReasons', (r) => r.outcomeReasons.join('; ')],
  ['action', (r) => r.action],
  ['ticket', (r) => r.ticket],
  ['remediationId', (r) => r.remediationId],
  ['Tags', (r) => JSON.stringify(r.tags)],
  ['sweepId', (r) => r.sweepId],
  ['observedAt', (r) => r.observedAt],
];

/** What a spreadsheet would take for a formula, and the mark itself, so that taking it off gives the value back. */
const FORMULA = /^(?:['\t\r\n]|\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/;
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Text that no spreadsheet calculates: `'` goes before what could be a formula. A plain number is none. */
export function neutralised(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

/** Records in, CSV text out (RFC 4180, header first). Unknown is an empty cell. */
export function csvStreams(): readonly [Transform, ReturnType<typeof stringify>] {
  const cells = new Transform({
    objectMode: true,
    transform(record: UnifiedRecord, _encoding, done) {
      done(
        null,
        CSV_COLUMNS.map(([, of]) => {
          const value = of(record);
          return value === null || value === undefined ? '' : neutralised(String(value));
        }),
      );
    },
  });
  const text = stringify({ header: true, columns: CSV_COLUMNS.map(([name]) => name), record_delimiter: '\r\n' });
  return [cells, text];
}
