import { z } from 'zod';
import { CloudProvider, ResourceType } from './resource-type.ts';
import { IsoInstant } from './time.ts';

export { CloudProvider, ResourceType } from './resource-type.ts';

/** `unknown` is treated as production everywhere a decision is made. */
export const Environment = z.enum(['dev', 'sandbox', 'test', 'staging', 'prod', 'unknown']);
export type Environment = z.infer<typeof Environment>;

/**
 * Where an asset is. `assetKey` is unique across the estate: the ARN (AWS), the resource id in lower case (Azure), or the
 * full resource name such as `//compute.googleapis.com/projects/p/zones/z/instances/i` (Google Cloud).
 */
export const AssetRef = z.object({
  assetKey: z.string().min(1).max(1024),
  provider: CloudProvider,
  /** AWS account id, Azure subscription id, or Google Cloud project id: the SubAccountId of FOCUS. */
  accountId: z.string().min(1),
  /** `us-east-1`, `westeurope`, `europe-west1`; `global` for what has no region. A zone belongs to its region. */
  region: z.string().min(1),
  resourceType: ResourceType,
  /** AWS: `i-…`, `vol-…`, `eipalloc-…`, or the load balancer's ARN. Azure and Google Cloud: the asset key. */
  resourceId: z.string().min(1),
});
export type AssetRef = z.infer<typeof AssetRef>;

/** A resource's configuration flattened to one level: `attachments.count`, `sku.name`; see domain/attributes.ts. */
export const Attributes = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
export type Attributes = z.infer<typeof Attributes>;

/** One row of a CNAPP inventory page, before anything is joined to it. */
export const InventoryAsset = AssetRef.extend({
  name: z.string(),
  /** The CNAPP's own id, needed to ask for a rescan. */
  vendorId: z.string(),
  status: z.enum(['active', 'inactive', 'error', 'unknown']),
  createdAt: IsoInstant.nullable(),
  lastSeenAt: IsoInstant.nullable(),
  tags: z.record(z.string(), z.string()),
  /** Posture flags the inventory page carries; null means the CNAPP did not say. */
  internetExposed: z.boolean().nullable(),
  adminPrivileges: z.boolean().nullable(),
  sensitiveData: z.boolean().nullable(),
  criticalIssues: z.number().int().nullable(),
  highIssues: z.number().int().nullable(),
  /** The CNAPP's copy of the configuration, where it has one. Good enough to report on, never to act on. */
  attributes: Attributes.optional(),
});
export type InventoryAsset = z.infer<typeof InventoryAsset>;

/** Who answers for an asset, and how we know. `subject` is an e-mail address or a group name. */
export const Owner = z.object({
  subject: z.string(),
  team: z.string(),
  source: z.enum(['tag', 'cmdb', 'iam-principal', 'finops-default']),
});
export type Owner = z.infer<typeof Owner>;
