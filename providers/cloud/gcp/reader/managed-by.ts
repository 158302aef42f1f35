import { managerFromTagKey } from '../../../../domain/detection/managers.ts';

type Labels = Readonly<Record<string, string>>;

/** Labels that a service of Google or a tool puts on what it owns, by the start of the key. */
const KEYS: readonly (readonly [string, string])[] = [
  ['goog-terraform-provisioned', 'terraform'],
  ['goog-gke', 'kubernetes'],
  ['goog-k8s', 'kubernetes'],
  ['k8s-io', 'kubernetes'],
  ['kubernetes-io', 'kubernetes'],
  ['goog-dataproc', 'dataproc'],
  ['goog-composer', 'composer'],
  ['goog-dataflow', 'dataflow'],
  ['dataflow', 'dataflow'],
  ['goog-batch', 'batch'],
  ['goog-vertex', 'vertex-ai'],
  ['goog-managed-instance-group', 'instance-group'],
  ['goog-dm', 'deployment-manager'],
  ['goog-config-connector', 'config-connector'],
  ['managed-by-cnrm', 'config-connector'],
  ['databricks', 'databricks'],
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
  [/databricks/i, 'databricks'],
];
/** Disks that a cluster makes for itself carry their claim in the name. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^gke-/, 'kubernetes'],
  [/^pvc-[0-9a-f]{8}-/, 'kubernetes'],
];

/** Whoever would undo or fight our change: a service, from the labels or the name, or infrastructure as code. */
export function managedBy(labels: Labels, name: string): string | null {
  for (const [key, value] of Object.entries(labels)) {
    const folded = key.toLowerCase();
    const manager = managerFromTagKey(folded) ?? KEYS.find(([start]) => folded.startsWith(start))?.[1];
    if (manager) return manager;
    if (!TOOL_KEYS.has(folded)) continue;
    if (folded === 'terraform' && !/^(false|no|0)?$/i.test(value)) return 'terraform';
    for (const [pattern, owner] of TOOLS) if (pattern.test(value)) return owner;
  }
  return NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}
