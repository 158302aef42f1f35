import type { CmdbPort } from '../../ports/cmdb.ts';

/** No configuration management database: criticality, dependents and incidents stay unknown, which raises risk and stops automation. */
export function createNoCmdb(): CmdbPort {
  return {
    vendor: 'none',
    lookup: async () => new Map(),
    check: async () => 'none configured: criticality and incidents are unknown',
  };
}
