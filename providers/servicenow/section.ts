import { z } from 'zod';
import { Duration, SecretRef, Url } from '../../schemas/config-values.ts';

export const ServiceNow = z.strictObject({
  instanceUrl: Url,
  grant: z.enum(['basic', 'password', 'client_credentials']),
  username: SecretRef.optional(),
  password: SecretRef.optional(),
  clientId: SecretRef.optional(),
  clientSecret: SecretRef.optional(),
  assignmentGroup: z.string().nullable().default(null),
  ciTable: z.string().default('cmdb_ci_vm_instance'),
  /** Column that holds the cloud resource id. */
  ciResourceIdField: z.string().default('object_id'),
  changeType: z.enum(['normal', 'emergency']).default('normal'),
  timeout: Duration.default(15_000),
  /** Where a service's criticality is kept; the first column really is spelt with one s. */
  criticality: z.array(z.strictObject({ table: z.string(), field: z.string() })).default([
    { table: 'cmdb_ci_service', field: 'busines_criticality' },
    { table: 'cmdb_ci_business_app', field: 'business_criticality' },
  ]),
  /** Key in `cmdb_key_value` whose value names a CI's disaster-recovery role. */
  disasterRecoveryKey: z.string().default('dr-role'),
  closeCodes: z
    .strictObject({ successful: z.string(), successfulWithIssues: z.string(), unsuccessful: z.string() })
    .default({
      successful: 'successful',
      successfulWithIssues: 'successful_issues',
      unsuccessful: 'unsuccessful',
    }),
});
export type ServiceNow = z.infer<typeof ServiceNow>;
