import { managerFromTagKey } from '../../../../domain/detection/managers.ts';

type Tags = Readonly<Record<string, string>>;

/** Tags that a service of Azure or a tool puts on what it owns, by the start of the key. */
const KEYS: readonly (readonly [string, string])[] = [
  ['aks-managed-', 'aks'],
  ['k8s-azure-', 'aks'],
  ['kubernetes.io-', 'kubernetes'],
  ['databricks', 'databricks'],
  ['cluster_id', 'databricks'],
  ['synapse', 'synapse'],
  ['hidden-devtestlabs', 'devtest-labs'],
  ['ms-resource-usage', 'azure'],
  ['vmscaleset', 'scale-set'],
];
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
  [/bicep/i, 'bicep'],
  [/databricks/i, 'databricks'],
];
/** Resource groups that a service makes for its own machines. */
const GROUPS: readonly (readonly [RegExp, string])[] = [
  [/^mc_/, 'aks'],
  [/^databricks-rg-/, 'databricks'],
  [/^synapseworkspace-managedrg-/, 'synapse'],
];

/** Whoever would undo or fight our change: a service, from its tags or resource group, or infrastructure as code. */
export function managedBy(tags: Tags, resourceGroup: string): string | null {
  const byGroup = GROUPS.find(([pattern]) => pattern.test(resourceGroup));
  if (byGroup) return byGroup[1];
  for (const [key, value] of Object.entries(tags)) {
    const folded = key.toLowerCase();
    const manager = managerFromTagKey(folded) ?? KEYS.find(([start]) => folded.startsWith(start))?.[1];
    if (manager) return manager;
    if (!TOOL_KEYS.has(folded)) continue;
    if (folded === 'terraform' && !/^(false|no|0)?$/i.test(value)) return 'terraform';
    for (const [pattern, owner] of TOOLS) if (pattern.test(value)) return owner;
  }
  return null;
}
