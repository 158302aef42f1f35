/**
 * Tag keys that controllers put on what they own. A stopped member would be replaced, fought over or lost,
 * so membership is taken from the tag even when the describe call did not say.
 */
const EXACT: Readonly<Record<string, string>> = {
  'aws:autoscaling:groupname': 'autoscaling',
  'eks:cluster-name': 'eks',
  'aws:eks:cluster-name': 'eks',
  'eks:nodegroup-name': 'eks',
  'aws:ecs:clustername': 'ecs',
  'aws:elasticmapreduce:job-flow-id': 'emr',
  'aws:elasticmapreduce:instance-group-role': 'emr',
  'elasticbeanstalk:environment-id': 'beanstalk',
  'elasticbeanstalk:environment-name': 'beanstalk',
  'aws:ec2:fleet-id': 'autoscaling',
  'aws:ec2spot:fleet-request-id': 'autoscaling',
  'opsworks:stack': 'opsworks',
  'elbv2.k8s.aws/cluster': 'kubernetes',
  'ebs.csi.aws.com/cluster': 'kubernetes',
  'aks-managed-clustername': 'kubernetes',
  'aks-managed-poolname': 'kubernetes',
  'databricks-instance-name': 'databricks',
  'databricks-environment': 'databricks',
  'goog-k8s-cluster-name': 'kubernetes',
  'goog-gke-node': 'kubernetes',
  'goog-gke-volume': 'kubernetes',
  'goog-dataproc-cluster-name': 'dataproc',
  'goog-composer-environment': 'composer',
  dataflow_job_id: 'dataflow',
};

const PREFIXES: readonly (readonly [string, string])[] = [
  ['kubernetes.io/cluster/', 'kubernetes'],
  ['kubernetes.io/created-for/', 'kubernetes'],
  ['kubernetes.io/service-name', 'kubernetes'],
  ['k8s.io/', 'kubernetes'],
  ['service.k8s.aws/', 'kubernetes'],
  ['ingress.k8s.aws/', 'kubernetes'],
  ['karpenter.sh/', 'karpenter'],
  ['karpenter.k8s.aws/', 'karpenter'],
];

/** The controller a folded tag key stands for, or null. */
export function managerFromTagKey(key: string): string | null {
  if (Object.hasOwn(EXACT, key)) return EXACT[key] ?? null;
  for (const [prefix, manager] of PREFIXES) if (key.startsWith(prefix)) return manager;
  return null;
}
