import type { Cloud } from '../../ports/cloud.ts';
import type { SecretsPort } from '../../ports/secrets.ts';
import type { CloudProvider } from '../../schemas/resource-type.ts';
import { vendorsOf } from '../vendor.ts';
import { AwsSections } from './aws/section.ts';
import { AzureSections } from './azure/section.ts';
import { GcpSections } from './gcp/section.ts';

/** Whose rights an adapter of a cloud carries. */
export type CloudRole = 'read' | 'execute';

const { vendor } = vendorsOf<{ readonly secrets: SecretsPort; readonly role: CloudRole }, Cloud | null>();

/** Every cloud there is, with its sections at the top level of the configuration. Null: it is not configured. */
export const CLOUD_VENDORS = {
  aws: vendor(AwsSections, async ({ aws, accounts }, parts) =>
    accounts.length === 0 ? null : (await import('./aws/index.ts')).createAwsCloud({ ...parts, config: aws, accounts }),
  ),
  azure: vendor(AzureSections, async ({ azure }, parts) =>
    azure ? (await import('./azure/index.ts')).createAzureCloud({ ...parts, config: azure }) : null,
  ),
  gcp: vendor(GcpSections, async ({ gcp }, parts) =>
    gcp ? (await import('./gcp/index.ts')).createGcpCloud({ ...parts, config: gcp }) : null,
  ),
} satisfies Record<CloudProvider, unknown>;
