import { managerFromTagKey } from '../../../../domain/detection/managers.ts';

type Tags = Readonly<Record<string, string>>;

const TOOL_KEYS = new Set([
  'terraform',
  'managed-by',
  'managed_by',
  'managedby',
  'provisioner',
  'provisioned-by',
  'iac',
]);
const TOOLS: readonly (readonly [RegExp, string])[] = [
  [/terraform|opentofu|terragrunt/i, 'terraform'],
  [/pulumi/i, 'pulumi'],
  [/cloudformation|\bcdk\b/i, 'cloudformation'],
];

/** Whoever would undo or fight our change: an orchestrator (from tags it sets itself) or infrastructure as code. */
export function managedBy(tags: Tags): string | null {
  const keys = Object.keys(tags);
  for (const key of keys) {
    const manager = managerFromTagKey(key.toLowerCase());
    if (manager) return manager;
  }
  if (keys.some((key) => key.startsWith('aws:cloudformation:'))) return 'cloudformation';
  for (const key of keys) {
    const folded = key.toLowerCase();
    if (!TOOL_KEYS.has(folded)) continue;
    const value = tags[key] ?? '';
    if (folded === 'terraform' && !/^(false|no|0)?$/i.test(value)) return 'terraform';
    for (const [pattern, owner] of TOOLS) if (pattern.test(value)) return owner;
  }
  return null;
}

/** Name of the Auto Scaling group whose membership EC2 itself writes into the tags. */
export function autoScalingGroupTag(tags: Tags): string | null {
  return tags['aws:autoscaling:groupName'] ?? null;
}
