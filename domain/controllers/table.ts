import type { CloudProvider } from '../../schemas/resource-type.ts';

/**
 * Somebody who would bring a machine back, fight a change to it, or need it later although it does nothing now. What it
 * puts on its own machines tells: tag keys (whole, or their start), a value under a key, a name, or a resource group.
 */
export interface Controller {
  /** As verdicts and blockers name it. */
  readonly name: string;
  /** Only there; everywhere when not given. */
  readonly provider?: CloudProvider;
  /** Whole keys and `start*`, in lower case. */
  readonly keys?: readonly string[];
  /** Key in lower case, and what its value must match. */
  readonly pairs?: readonly (readonly [key: string, value: RegExp])[];
  readonly names?: readonly RegExp[];
  /** Azure: resource groups that a service makes for its own machines. */
  readonly groups?: readonly RegExp[];
}

/**
 * Where the keys come from: (1) the tagging and managed-policy pages of the service, such as the conditions of AWS's
 * service-role policies; (2) constants of the open-source code that sets them: kOps, Cluster API and its providers for AWS,
 * Azure and Google Cloud, Karpenter, OpenShift's installer, Juju, Crossplane, Ray, SkyPilot, Velero; (3) examples of
 * resources as they are listed in public repositories: Spot.io, CAST AI, ROSA, Databricks, Citrix, GitHub runners.
 */
export const CONTROLLERS: readonly Controller[] = [
  // ── Disaster recovery and migration: quiet until the day they are needed (1)
  {
    name: 'drs',
    keys: ['awselasticdisasterrecovery*', 'drs.amazonaws.com*'],
    names: [/^aws elastic disaster recovery (replication|conversion) server/i],
  },
  {
    name: 'mgn',
    keys: ['awsapplicationmigrationservice*', 'mgn.amazonaws.com*'],
    names: [/^aws application migration service (replication|conversion) server/i],
  },
  {
    name: 'cloudendure',
    keys: ['cloudendure*'],
    names: [/^cloudendure (replication|converter|conversion)/i],
  },
  { name: 'site-recovery', provider: 'azure', names: [/-asrreplica$/i, /^asrseeddisk-/i] },
  { name: 'velero', keys: ['velero.io/*', 'velero.io-*', 'velero-io*'] },
  // ── Groups and fleets (1, 3)
  {
    name: 'autoscaling',
    keys: ['aws:autoscaling:groupname', 'aws:ec2:fleet-id', 'aws:ec2spot:fleet-request-id'],
  },
  { name: 'instance-group', provider: 'gcp', keys: ['goog-managed-instance-group*'] },
  { name: 'scale-set', provider: 'azure', keys: ['vmscaleset*'] },
  { name: 'spot-io', keys: ['spotinst:*', 'spotinst-*', 'spotinst_*', 'spot.io*'] },
  { name: 'cast-ai', keys: ['cast:*', 'cast-managed*'], pairs: [['managed-by', /cast\.?ai/i]] },
  // ── Kubernetes, before the general keys that its distributions set as well (2)
  { name: 'karpenter', keys: ['karpenter.sh/*', 'karpenter.k8s.aws/*', 'karpenter.sh_*', 'karpenter.azure.com*'] },
  { name: 'kops', keys: ['kops.k8s.io/*', 'kops.k8s.io_*', 'k8s.io/role/*', 'k8s-io-role-*', 'k8s-io-instance-group'] },
  {
    name: 'cluster-api',
    keys: [
      'sigs.k8s.io/cluster-api-*',
      'sigs.k8s.io_cluster-api-*',
      'cluster.x-k8s.io/*',
      'capg-cluster-*',
      'capg-role',
    ],
  },
  {
    name: 'openshift',
    keys: [
      'red-hat-clustertype',
      'red-hat-managed',
      'api.openshift.com/*',
      'api.openshift.com_*',
      'openshift_creationdate',
    ],
    groups: [/^aro-/i],
  },
  { name: 'rancher', keys: ['rke.cattle.io/*', 'cattle.io/*', 'rancher.io/*'] },
  {
    name: 'eks',
    keys: ['eks:*', 'aws:eks:*', 'alpha.eksctl.io/*', 'eksctl.cluster.k8s.io/*', 'eksctl.io/*'],
  },
  { name: 'kubernetes', keys: ['aks-managed-*', 'k8s-azure-*'], names: [/^aks-.+-vmss/i], provider: 'azure' },
  { name: 'aks', provider: 'azure', groups: [/^mc_/i] },
  { name: 'kubernetes', provider: 'gcp', names: [/^gke-/, /^pvc-[0-9a-f]{8}-/] },
  {
    name: 'kubernetes',
    keys: [
      'kubernetes.io/*',
      'kubernetes.io-*',
      'kubernetes-io-*',
      'kubernetes.io_*',
      'k8s.io/*',
      'k8s-io-*',
      'kubernetescluster',
      'service.k8s.aws/*',
      'ingress.k8s.aws/*',
      'elbv2.k8s.aws/*',
      'ebs.csi.aws.com/*',
      'csivolumename',
      'aks-managed-*',
      'goog-k8s-*',
      'goog-gke-*',
    ],
  },
  // ── Batch, data and high-performance computing (1, 2)
  {
    name: 'parallelcluster',
    keys: ['parallelcluster:*', 'aws-parallelcluster-*'],
    pairs: [['application', /^parallelcluster-/i]],
  },
  { name: 'pcs', keys: ['aws:pcs:*'] },
  { name: 'batch', keys: ['awsbatchservicetag', 'aws:batch:*', 'goog-batch-*'] },
  { name: 'emr', keys: ['aws:elasticmapreduce:*', 'for-use-with-amazon-emr-managed-policies'] },
  { name: 'ecs', keys: ['aws:ecs:*', 'amazonecsmanaged'] },
  {
    name: 'databricks',
    keys: ['databricks*'],
    pairs: [
      ['vendor', /^databricks$/i],
      ['managed-by', /databricks/i],
      ['managed_by', /databricks/i],
    ],
    groups: [/^databricks-rg-/i],
  },
  { name: 'databricks', provider: 'azure', keys: ['cluster_id'] },
  { name: 'dataproc', keys: ['goog-dataproc-*'] },
  { name: 'composer', keys: ['goog-composer-*'] },
  { name: 'dataflow', keys: ['goog-dataflow-*', 'dataflow*'] },
  { name: 'vertex-ai', keys: ['goog-vertex-*'] },
  { name: 'synapse', provider: 'azure', keys: ['synapse*'], groups: [/^synapseworkspace-managedrg-/i] },
  { name: 'sagemaker', keys: ['aws:sagemaker:*', 'sagemaker:*'] },
  { name: 'ray', keys: ['ray-cluster-name', 'ray-node-type', 'ray-node-name'] },
  { name: 'skypilot', keys: ['skypilot-*'] },
  { name: 'qubole', keys: ['qubole*'] },
  // ── Platforms (1, 2)
  { name: 'beanstalk', keys: ['elasticbeanstalk:*'] },
  { name: 'opsworks', keys: ['opsworks:*'] },
  { name: 'cloud9', keys: ['aws:cloud9:*'] },
  { name: 'juju', keys: ['juju-controller-uuid', 'juju-model-uuid', 'juju-is-controller', 'juju-units-deployed'] },
  { name: 'crossplane', keys: ['crossplane-kind', 'crossplane-name', 'crossplane-providerconfig'] },
  { name: 'aws-controllers-for-kubernetes', keys: ['services.k8s.aws/*'] },
  { name: 'config-connector', keys: ['managed-by-cnrm', 'goog-config-connector*'] },
  { name: 'bosh', keys: ['bosh', 'bosh-*'], pairs: [['created_by', /^bosh/i]] },
  // ── Desktops, build machines and images (1, 3)
  { name: 'devtest-labs', provider: 'azure', keys: ['hidden-devtestlabs*'] },
  { name: 'citrix', keys: ['citrixprovisioningschemeid', 'citrixresource', 'citrixvirtualsiteid', 'citrixcustomerid'] },
  {
    name: 'virtual-desktop',
    provider: 'azure',
    pairs: [['cm-resource-parent', /microsoft\.desktopvirtualization\//i]],
  },
  { name: 'github-runners', keys: ['ghr:*'] },
  { name: 'gitlab-runner', names: [/^runner-[\w-]+-\d{10}-[0-9a-f]{8}$/i] },
  { name: 'jenkins', keys: ['jenkins_server_url', 'jenkins_slave_type', 'jenkins_agent_type'] },
  { name: 'image-builder', keys: ['ec2imagebuilderarn'], pairs: [['createdby', /^ec2 image builder$/i]] },
  { name: 'packer', names: [/^packer builder$/i] },
  { name: 'azure', provider: 'azure', keys: ['ms-resource-usage*'] },
];

/**
 * Tools that describe infrastructure as code: they bring nothing back by themselves, so they block a change and show the
 * snippet instead of taking the asset out of the rules. Values under `managed-by` and the like.
 */
export const TOOLS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/terraform|opentofu|terragrunt/i, 'terraform'],
  [/pulumi/i, 'pulumi'],
  [/cloudformation|\bcdk\b/i, 'cloudformation'],
  [/bicep/i, 'bicep'],
  [/deployment.?manager/i, 'deployment-manager'],
];
export const TOOL_KEYS: ReadonlySet<string> = new Set([
  'terraform',
  'managed-by',
  'managed_by',
  'managedby',
  'provisioner',
  'provisioned-by',
  'iac',
]);
/** Keys that tools set on what they made. */
export const TOOL_STARTS: readonly (readonly [start: string, name: string])[] = [
  ['aws:cloudformation:', 'cloudformation'],
  ['goog-terraform-provisioned', 'terraform'],
  ['goog-dm', 'deployment-manager'],
];
