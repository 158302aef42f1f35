import type { SeededAsset } from '../../../sandbox/estate/types.ts';
import { ACCOUNT, REGION } from './rig.ts';

type Extra = Partial<
  Pick<SeededAsset, 'instance' | 'volume' | 'address' | 'loadBalancer' | 'database' | 'tags' | 'createdDaysAgo'>
>;

function seed(name: string, resourceType: SeededAsset['resourceType'], extra: Extra): SeededAsset {
  return {
    name,
    archetype: 'idle',
    accountId: ACCOUNT,
    region: REGION,
    resourceType,
    resourceId: '',
    assetKey: '',
    createdDaysAgo: 200,
    environment: 'dev',
    trulyIdle: true,
    dailyCost: null,
    posture: { internetExposed: false, openPorts: [], adminPrivileges: false, sensitiveData: false, findings: [] },
    cmdb: null,
    createdBy: 'dana',
    demo: null,
    ...extra,
    tags: { Name: name, environment: 'dev', ...extra.tags },
  };
}

export const instance = (
  name: string,
  more: Extra['instance'] & { tags?: Record<string, string> } = { instanceType: 'm5.large' },
) => seed(name, 'AWS::EC2::Instance', { instance: more, ...(more.tags ? { tags: more.tags } : {}) });
export const volume = (name: string, attachedTo?: string, encryptedWith?: string) =>
  seed(name, 'AWS::EC2::Volume', {
    volume: {
      sizeGiB: 30,
      volumeType: 'gp3',
      ...(attachedTo ? { attachedTo } : {}),
      ...(encryptedWith ? { encryptedWith } : {}),
    },
  });
export const address = (name: string, attachedTo?: string) =>
  seed(name, 'AWS::EC2::EIP', { address: attachedTo ? { attachedTo } : {} });
export const loadBalancer = (name: string, targets: readonly string[] = []) =>
  seed(name, 'AWS::ElasticLoadBalancingV2::LoadBalancer', { loadBalancer: { targets, type: 'application' } });
export const database = (name: string) =>
  seed(name, 'AWS::RDS::DBInstance', {
    database: { engine: 'postgres', instanceClass: 'db.m5.large', storageGiB: 100 },
  });
