import type { CostCloudHealth } from './section.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { CostLine, LineCommitment } from '../shared/cost-line.ts';
import { PROVIDER } from './client.ts';

export type ReportLine = CostLine & { readonly accountId: string };
/** A line, a line that does not count, or what is wrong with the row. */
export type ReadRow = { readonly line: ReportLine } | { readonly ignored: true } | { readonly reason: string };

type Field = keyof CostCloudHealth['columns'];

/**
 * Reads rows by the names in the header, whatever their order. @throws ProviderError when a column is missing that
 * something depends on
 */
export function createRowReader(header: readonly string[], config: CostCloudHealth) {
  const at = new Map<Field, number>();
  for (const [field, name] of Object.entries(config.columns) as [Field, string | null][]) {
    if (name === null) continue;
    const index = header.findIndex((h) => h.trim().toLowerCase() === name.toLowerCase());
    if (index === -1)
      throw new ProviderError({
        kind: ProviderErrorKind.Terminal,
        provider: PROVIDER,
        operation: 'readReport',
        message: `the report has no column ${name} (it has ${header.join(', ').slice(0, 200)}); select it as ${name}, or name it in cost.cloudhealth.columns.${field}`,
      });
    at.set(field, index);
  }
  const ignored = new Set(config.ignoredCharges);
  const kinds = new Map<string, LineCommitment['type']>([
    ...config.commitmentCharges.reservation.map((charge) => [charge, 'reservation'] as const),
    ...config.commitmentCharges.savingsPlan.map((charge) => [charge, 'savings-plan'] as const),
  ]);

  return (values: readonly string[]): ReadRow => {
    if (values.length !== header.length)
      return { reason: `row has ${values.length} values for ${header.length} columns` };
    const cell = (field: Field): string | null => {
      const text = values[at.get(field) ?? -1]?.trim() ?? '';
      return text === '' || /^null$/i.test(text) ? null : text;
    };
    const charge = cell('chargeType') ?? '';
    if (ignored.has(charge)) return { ignored: true };
    const date = /^(\d{4}-\d{2}-\d{2})(?=$|[T ])/.exec(cell('day') ?? '')?.[1];
    if (date === undefined || Number.isNaN(Date.parse(date)))
      return { reason: `column ${config.columns.day} has "${cell('day')?.slice(0, 30)}"; write it as 2025-01-31` };
    const accountId = cell('account');
    if (accountId === null) return { reason: `column ${config.columns.account} is empty; select the usage account` };
    const kind = kinds.get(charge);
    const end = Date.parse(cell('commitmentEnd') ?? '');
    return {
      line: {
        accountId: accountId.toLowerCase(),
        date,
        resourceId: cell('resource') ?? '',
        effective: cell('effectiveCost') ?? '',
        billed: at.has('billedCost') ? (cell('billedCost') ?? '') : null,
        currency: cell('currency') ?? '(none)',
        commitment:
          kind === undefined
            ? null
            : { type: kind, id: cell('commitment'), endsAt: Number.isNaN(end) ? null : new Date(end).toISOString() },
        regionId: cell('region'),
        serviceName: cell('service'),
      },
    };
  };
}
