import { z } from 'zod';
import { RESOURCE_TYPE_NAMES } from './resource-types.ts';

export const ResourceType = z.enum(RESOURCE_TYPE_NAMES);
export type ResourceType = z.infer<typeof ResourceType>;

export const CloudProvider = z.enum(['aws', 'azure', 'gcp']);
export type CloudProvider = z.infer<typeof CloudProvider>;

/** What the core can tell apart. `resource` is everything that is only reported. */
export const ResourceKind = z.enum(['instance', 'volume', 'address', 'load-balancer', 'database', 'resource']);
export type ResourceKind = z.infer<typeof ResourceKind>;
