import type { SeededAsset } from '../estate/types.ts';
import type { ChangeAnswer, ChangeRequest } from './change.ts';
import type { Network } from './seed-network.ts';
import { firstText } from './xml-items.ts';

export type SeedChange = (request: ChangeRequest) => Promise<ChangeAnswer>;

const VERSION: Readonly<Record<string, string>> = {
  ec2: '2016-11-15',
  elasticloadbalancing: '2015-12-01',
  autoscaling: '2011-01-01',
  iam: '2010-05-08',
  rds: '2014-10-31',
};
const SEEDING = { roleName: 'sandbox', sessionName: 'seed', sourceIdentity: null };

/** One seeding call in a fixed account and region. */
export interface Seeder {
  /** Runs `service:Action` and returns the answer's XML. Throws with moto's own words. */
  call(operation: string, params: Record<string, string>, bornAt: number): Promise<string>;
  readonly accountId: string;
  readonly region: string;
}

export interface SeedPlace {
  readonly seeder: Seeder;
  readonly assets: readonly SeededAsset[];
  readonly network: Network;
  /** Epoch ms so many days before the estate was seeded. */
  readonly bornAt: (daysAgo: number) => number;
}

export function createSeeder(parts: { change: SeedChange; accountId: string; region: string }): Seeder {
  const { change, accountId, region } = parts;
  return {
    accountId,
    region,
    async call(operation, params, bornAt) {
      const [service = '', Action = ''] = operation.split(':');
      const body = new URLSearchParams({ Action, Version: VERSION[service] ?? '', ...params }).toString();
      const answer = await change({ operation, call: { accountId, region, service, body }, actor: SEEDING, bornAt });
      if (answer.errorCode === null) return answer.text;
      throw new Error(`seeding ${operation} in ${accountId}/${region} failed: ${answer.text.slice(0, 300)}`);
    },
  };
}

/** The text of an element that must be there. */
export function required(xml: string, tag: string): string {
  const text = firstText(xml, tag);
  if (!text) throw new Error(`seeding expected <${tag}> in ${xml.slice(0, 200)}`);
  return text;
}

/** `TagSpecification` parameters for tagging at creation. */
export function tagParams(resourceType: string, asset: Pick<SeededAsset, 'name' | 'tags'>): Record<string, string> {
  const params: Record<string, string> = { 'TagSpecification.1.ResourceType': resourceType };
  Object.entries(allTags(asset)).forEach(([key, value], i) => {
    params[`TagSpecification.1.Tag.${i + 1}.Key`] = key;
    params[`TagSpecification.1.Tag.${i + 1}.Value`] = value;
  });
  return params;
}

export function allTags(asset: Pick<SeededAsset, 'name' | 'tags'>): Record<string, string> {
  return { Name: asset.name, ...asset.tags };
}
