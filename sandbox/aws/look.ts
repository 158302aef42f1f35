import { kindOf } from '../estate/kinds.ts';
import type { SeededAsset } from '../estate/types.ts';
import type { CloudState } from '../kit/part.ts';
import type { Moto } from './moto.ts';
import { passingState, type World } from './world.ts';
import { firstText } from './xml-items.ts';

/** What whoever looks at AWS right now sees of an asset, without any client of ours in between. */
export interface Look {
  stateOf(asset: SeededAsset): Promise<CloudState>;
  /** Its instance type, where it has one. */
  sizeOf(asset: SeededAsset): Promise<string | null>;
}

const QUESTIONS = {
  instance: (a) => ['ec2', { Action: 'DescribeInstances', 'InstanceId.1': a.resourceId }],
  volume: (a) => ['ec2', { Action: 'DescribeVolumes', 'VolumeId.1': a.resourceId }],
  address: (a) => ['ec2', { Action: 'DescribeAddresses', 'AllocationId.1': a.resourceId }],
  'load-balancer': (a) => [
    'elasticloadbalancing',
    { Action: 'DescribeLoadBalancers', 'LoadBalancerArns.member.1': a.resourceId },
  ],
  database: (a) => ['rds', { Action: 'DescribeDBInstances', DBInstanceIdentifier: a.resourceId }],
} as const satisfies Record<
  string,
  (asset: SeededAsset) => readonly ['ec2' | 'elasticloadbalancing' | 'rds', Record<string, string>]
>;
const VERSIONS = { ec2: '2016-11-15', elasticloadbalancing: '2015-12-01', rds: '2014-10-31' } as const;
const GONE = new Set(['terminated', 'shutting-down', 'deleted', 'deleting']);

/** Several platforms look at one asset at the same time; each look is one question. */
const LOOK_MS = 250;

export function createLook({ world, moto }: { world: World; moto: Moto }): Look {
  const looks = new Map<string, { at: number; answer: Promise<string | null> }>();

  const ask = async (asset: SeededAsset): Promise<string | null> => {
    const kind = kindOf(asset.resourceType);
    if (kind === 'resource' || asset.resourceId === '') return null;
    const [service, query] = QUESTIONS[kind](asset);
    const body = new URLSearchParams({ Version: VERSIONS[service], ...query }).toString();
    const answer = await moto.read({ accountId: asset.accountId, region: asset.region, service, body });
    return answer.status < 300 ? answer.text : null;
  };
  const look = (asset: SeededAsset) => {
    const last = looks.get(asset.name);
    if (last && Date.now() - last.at < LOOK_MS) return last.answer;
    const answer = ask(asset);
    looks.set(asset.name, { at: Date.now(), answer });
    return answer;
  };
  const word = (asset: SeededAsset, xml: string) =>
    passingState(world, asset.resourceId) ??
    (kindOf(asset.resourceType) === 'database'
      ? firstText(xml, 'DBInstanceStatus')
      : firstText(firstText(xml, 'instanceState') ?? '', 'name')) ??
    'present';

  return {
    async stateOf(asset) {
      const xml = await look(asset);
      if (xml === null) return 'gone';
      const state = word(asset, xml);
      if (GONE.has(state)) return 'gone';
      return state === 'stopped' ? 'stopped' : 'present';
    },
    async sizeOf(asset) {
      const xml = kindOf(asset.resourceType) === 'instance' ? await look(asset) : null;
      return xml === null ? null : firstText(xml, 'instanceType');
    },
  };
}
