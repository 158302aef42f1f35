import { z } from 'zod';
import { IsoInstant } from './time.ts';

/** CloudFormation type names: the closest thing to a cross-tool vocabulary for AWS resources. */
export const ResourceType = z.enum([
  'AWS::EC2::Instance',
  'AWS::EC2::Volume',
  'AWS::EC2::EIP',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
]);
export type ResourceType = z.infer<typeof ResourceType>;

/** `unknown` is treated as production everywhere a decision is made. */
export const Environment = z.enum(['dev', 'sandbox', 'test', 'staging', 'prod', 'unknown']);
export type Environment = z.infer<typeof Environment>;

/** Where an asset is. `assetKey` is the ARN and is unique across the estate. */
export const AssetRef = z.object({
  assetKey: z.string().min(1).max(512),
  provider: z.literal('aws'),
  accountId: z.string().regex(/^\d{12}$/, 'must be a 12-digit AWS account id'),
  region: z.string().min(1),
  resourceType: ResourceType,
  /** `i-…`, `vol-…`, `eipalloc-…`, or the load balancer's ARN. */
  resourceId: z.string().min(1),
});
export type AssetRef = z.infer<typeof AssetRef>;

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
});
export type InventoryAsset = z.infer<typeof InventoryAsset>;

/** Who answers for an asset, and how we know. `subject` is an e-mail address or a group name. */
export const Owner = z.object({
  subject: z.string(),
  team: z.string(),
  source: z.enum(['tag', 'cmdb', 'iam-principal', 'finops-default']),
});
export type Owner = z.infer<typeof Owner>;
