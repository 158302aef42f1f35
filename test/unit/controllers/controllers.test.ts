import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { controllerFrom, managedByFrom, toolFrom } from '../../../domain/controllers/controller-of.ts';
import { CONTROLLERS } from '../../../domain/controllers/table.ts';
import { evaluateAsset } from '../../../domain/detection/evaluate.ts';
import { selectOpportunity } from '../../../domain/detection/select-opportunity.ts';
import { instance, NOW, RULES, recordOf, volumeFacts } from '../detection/fixtures.ts';

/** Tags as the controllers set them; where each is from stands in the table. */
const AS_SET: readonly (readonly [controller: string, tags: Record<string, string>])[] = [
  ['drs', { AWSElasticDisasterRecoveryManaged: 'drs.amazonaws.com' }],
  ['drs', { AWSElasticDisasterRecoverySourceServerID: 's-1111aaaa2222bbbb3' }],
  ['mgn', { AWSApplicationMigrationServiceManaged: 'mgn.amazonaws.com' }],
  ['parallelcluster', { 'parallelcluster:cluster-name': 'hpc', 'parallelcluster:node-type': 'HeadNode' }],
  ['parallelcluster', { 'aws-parallelcluster-node-type': 'Master' }],
  ['pcs', { 'aws:pcs:compute-node-group-id': 'pcs_abc', 'aws:pcs:cluster-id': 'pcs_def' }],
  ['spot-io', { 'spotinst:aws:ec2:group:id': 'sig-1', 'spotinst:aws:ec2:group:name': 'web' }],
  ['spot-io', { 'spotinst:aws:ec2:group:createdBy': 'spotinst' }],
  ['kops', { 'kops.k8s.io/instancegroup': 'nodes', 'k8s.io/role/node': '1' }],
  ['cluster-api', { 'sigs.k8s.io/cluster-api-provider-aws/cluster/blue': 'owned' }],
  ['cluster-api', { 'sigs.k8s.io_cluster-api-provider-azure_cluster_blue': 'owned' }],
  ['cluster-api', { 'capg-cluster-blue': 'owned', 'capg-role': 'node' }],
  ['karpenter', { 'karpenter.sh/nodepool': 'default' }],
  ['karpenter', { 'karpenter.sh_nodepool': 'default' }],
  ['velero', { 'velero.io/backup': 'nightly', 'velero.io/storage-location': 'default' }],
  ['emr', { 'aws:elasticmapreduce:job-flow-id': 'j-1' }],
  ['batch', { AWSBatchServiceTag: 'batch' }],
  ['batch', { 'goog-batch-job-uid': 'j-1' }],
  ['beanstalk', { 'elasticbeanstalk:environment-name': 'shop' }],
  ['eks', { 'eks:nodegroup-name': 'blue' }],
  ['eks', { 'eks:eks-cluster-name': 'auto' }],
  ['kubernetes', { 'aks-managed-poolName': 'pool1' }],
  ['kubernetes', { 'goog-gke-node': '' }],
  ['databricks', { Vendor: 'Databricks', ClusterId: '0727-104344-hauls13', ClusterName: 'etl' }],
  ['databricks', { DatabricksInstanceGroupId: '-8117034103866820710' }],
  ['openshift', { 'red-hat-clustertype': 'rosa', 'red-hat-managed': 'true' }],
  ['kubernetes', { 'kubernetes.io/cluster/ocp4-x7k2f': 'owned' }],
  ['rancher', { 'rke.cattle.io/machine-name': 'pool1-1' }],
  ['cast-ai', { 'cast:managed-by': 'cast.ai' }],
  ['ecs', { AmazonECSManaged: '' }],
  ['juju', { 'juju-controller-uuid': 'x', 'juju-model-uuid': 'y' }],
  ['crossplane', { 'crossplane-kind': 'instance.ec2.aws', 'crossplane-name': 'web' }],
  ['cloud9', { 'aws:cloud9:environment': 'abc' }],
  ['github-runners', { 'ghr:environment': 'ci', 'ghr:Application': 'github-action-runner' }],
  ['image-builder', { CreatedBy: 'EC2 Image Builder' }],
  ['citrix', { CitrixProvisioningSchemeId: 'x' }],
  ['ray', { 'ray-cluster-name': 'train', 'ray-node-type': 'head' }],
  ['skypilot', { 'skypilot-cluster-name': 'sky' }],
  ['dataproc', { 'goog-dataproc-cluster-name': 'etl' }],
];

describe('a machine that somebody controls is excluded, and the verdict names who', () => {
  for (const [controller, tags] of AS_SET) {
    for (const spelt of [tags, upper(tags), { ...tags, environment: 'dev', 'managed-by': 'terraform' }])
      it(`${controller}: ${Object.keys(spelt)[0]}`, () => {
        const record = instance({ tags: spelt });
        const verdicts = evaluateAsset(RULES, record, NOW);
        assert.ok(
          verdicts.every((v) => v.reasons.includes(`excluded:managed-by:${controller}`)),
          JSON.stringify(verdicts),
        );
        assert.equal(selectOpportunity(verdicts, RULES), null);
        const onlyCloud = evaluateAsset(RULES, instance({ tags: {} }, { tags: spelt }), NOW);
        assert.ok(onlyCloud.every((v) => v.reasons.includes(`excluded:managed-by:${controller}`)));
      });
    it(`${controller} holds its disks as well`, () => {
      const verdicts = evaluateAsset(RULES, recordOf(volumeFacts(), { tags }), NOW);
      assert.ok(
        verdicts.every((v) => v.reasons.includes(`excluded:managed-by:${controller}`)),
        JSON.stringify(verdicts),
      );
    });
  }
  for (const [provider, name, controller] of [
    ['aws', 'AWS Elastic Disaster Recovery Replication Server', 'drs'],
    ['aws', 'AWS Elastic Disaster Recovery Conversion Server', 'drs'],
    ['aws', 'AWS Application Migration Service Replication Server', 'mgn'],
    ['aws', 'Packer Builder', 'packer'],
    ['aws', 'runner-abc123-docker-machine-1700000000-0a1b2c3d', 'gitlab-runner'],
    ['gcp', 'gke-prod-default-pool-1a2b', 'kubernetes'],
    ['gcp', 'pvc-0a1b2c3d-1111-2222-3333-444455556666', 'kubernetes'],
    ['azure', 'web-osdisk-ASRReplica', 'site-recovery'],
    ['azure', 'asrseeddisk-web-1', 'site-recovery'],
  ] as const)
    it(`by its name alone: ${name}`, () => assert.equal(controllerFrom({ provider, tags: {}, name }), controller));
  for (const [resourceGroup, controller] of [
    ['MC_rg_blue_westeurope', 'aks'],
    ['databricks-rg-w-abc', 'databricks'],
    ['aro-x7k2f', 'openshift'],
    ['synapseworkspace-managedrg-1', 'synapse'],
  ] as const)
    it(`by its resource group: ${resourceGroup}`, () =>
      assert.equal(controllerFrom({ provider: 'azure', tags: {}, name: 'vm', resourceGroup }), controller));
});

describe('what no controller set', () => {
  it('ordinary tags and names of the same words claim nothing', () => {
    for (const tags of [
      { team: 'kubernetes' },
      { service: 'spot' },
      { app: 'databricks-connector-docs' },
      { vendor: 'Acme' },
      { project: 'eks-migration' },
      { ClusterId: '17' },
      { 'managed-by': 'the-web-team' },
      { application: 'parallel' },
    ])
      assert.equal(controllerFrom({ provider: 'aws', tags, name: 'web-1' }), null, JSON.stringify(tags));
    for (const name of ['gke-migration-notes', 'pvc-sales', 'aks-docs', 'packer-docs'])
      assert.equal(controllerFrom({ provider: 'aws', tags: {}, name }), null, name);
  });
  it('infrastructure as code is a tool, not a controller: it brings nothing back', () => {
    for (const [tags, tool] of [
      [{ 'aws:cloudformation:stack-name': 's' }, 'cloudformation'],
      [{ 'Managed-By': 'Terraform' }, 'terraform'],
      [{ terraform: 'true' }, 'terraform'],
      [{ provisioner: 'pulumi' }, 'pulumi'],
      [{ 'goog-terraform-provisioned': 'true' }, 'terraform'],
      [{ iac: 'bicep' }, 'bicep'],
    ] as const) {
      const claims = { provider: 'aws', tags, name: 'web' } as const;
      assert.deepEqual([controllerFrom(claims), toolFrom(tags), managedByFrom(claims)], [null, tool, tool]);
    }
    assert.equal(toolFrom({ terraform: 'false' }), null);
  });
  it('every row of the table can be met', () => {
    for (const c of CONTROLLERS) assert.ok((c.keys ?? c.pairs ?? c.names ?? c.groups ?? []).length > 0, c.name);
    for (const key of CONTROLLERS.flatMap((c) => c.keys ?? [])) assert.equal(key, key.toLowerCase(), key);
  });
});

function upper(tags: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [` ${key.toUpperCase()} `, value]));
}
