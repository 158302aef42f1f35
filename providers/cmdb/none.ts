import { type CmdbPort, NO_CMDB_RECORDS } from '../../ports/cmdb.ts';

/** No configuration management database: criticality, dependents and incidents stay unknown, which raises risk and stops automation. */
export function createNoCmdb(): CmdbPort {
  return {
    vendor: 'none',
    lookup: async () => NO_CMDB_RECORDS,
    check: async () => 'none configured: criticality and incidents are unknown',
  };
}
