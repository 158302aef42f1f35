import type { Arguments } from './graphql.ts';
import type { Row } from './types.ts';

/** An input object inside another; empty when it was not given. */
export function pick(from: Arguments, key: string): Arguments {
  return (from[key] ?? {}) as Arguments;
}

/** True when nothing was asked for, or the value is among what was asked for. */
export function within(wanted: unknown, value: unknown): boolean {
  if (wanted === undefined || wanted === null) return true;
  return Array.isArray(wanted) ? wanted.includes(value) : wanted === value;
}

/** `CloudResourceV2Filters`, as far as they are known here. */
export function matchesInventory(row: Row, filter: Arguments): boolean {
  const account = pick(pick(filter, 'cloudAccountV2'), 'externalId')['equals'];
  return (
    within(pick(filter, 'type')['equals'], row['type']) &&
    within(account, (row['cloudAccount'] as Row)['externalId']) &&
    within(pick(filter, 'region')['equals'], row['region']) &&
    within(pick(filter, 'providerUniqueId')['equals'], row['providerUniqueId']) &&
    within(pick(filter, 'containerImageDigest')['equals'], row['digest']) &&
    (filter['includeDeleted'] === true || row['deletedAt'] === null)
  );
}

/** `DetectionFilters`: without a type only generated threats come back. */
export function matchesDetection(row: Row, filter: Arguments): boolean {
  const either = (filter['or'] ?? []) as readonly Arguments[];
  const resource = row['primaryResource'] as Row;
  const wanted = pick(filter, 'resource');
  const after = pick(filter, 'createdAt')['after'];
  return (
    within(pick(filter, 'type')['equals'] ?? ['GENERATED_THREAT'], row['type']) &&
    within(pick(wanted, 'id')['equals'], resource['id']) &&
    within(pick(wanted, 'providerUniqueId')['equals'], resource['providerUniqueId']) &&
    (after === undefined || String(row['createdAt']) > String(after)) &&
    (either.length === 0 || either.some((one) => matchesDetection(row, one)))
  );
}

/** `CloudCostOpportunityFilters`, as far as they are known here. */
export function matchesOpportunity(row: Row, filter: Arguments): boolean {
  const types = pick(filter, 'optimizationType')['equalsAny'] as readonly unknown[] | undefined;
  return (
    within(pick(filter, 'status')['equals'], row['status']) &&
    within(pick(filter, 'cloudAccountId')['equals'], (row['cloudAccountV2'] as Row)['id']) &&
    within(pick(pick(filter, 'resource'), 'region')['equals'], row['region']) &&
    (types === undefined || (row['optimizationTypes'] as readonly unknown[]).some((type) => types.includes(type)))
  );
}
