import { CHECKLIST } from '../../../../domain/clouds/gcp/checklist.ts';
import type { CloudFacts } from '../../../../schemas/cloud-facts.ts';
import type { Plan } from '../../../../schemas/option.ts';
import type { ResourceType } from '../../../../schemas/resource-type.ts';
import { preflightCodes as codesOf } from '../../shared/executor/preflight.ts';
import { parseName } from '../ids.ts';

const COLLECTION: Partial<Record<ResourceType, string>> = {
  'compute.googleapis.com/Instance': 'instances',
  'compute.googleapis.com/Disk': 'disks',
  'compute.googleapis.com/Address': 'addresses',
  'sqladmin.googleapis.com/Instance': 'instances',
};

/** What the checklist of Google Cloud refuses; see the shared one. */
export function preflightCodes(plan: Plan, facts: CloudFacts): string[] {
  const path = parseName(plan.assetKey);
  const named =
    path !== null &&
    path.projectId === plan.accountId &&
    path.collection === COLLECTION[plan.resourceType] &&
    plan.assetKey === plan.resourceId;
  return codesOf(CHECKLIST, { plan, facts, provider: 'gcp', named });
}
