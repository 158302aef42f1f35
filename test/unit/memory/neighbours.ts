import { keyOf, noise as noiseAt } from '../../../sandbox/estate/random.ts';
import type { CaseFacets } from '../../../schemas/memory.ts';

/** Numbers in [0, 1) that are the same for the same seed: a property test must fail the same way twice. */
export function seeded(seed: number): () => number {
  const key = keyOf(seed, 'memory');
  let at = 0;
  return () => noiseAt(key, at++);
}

/** Harmless in every respect; what a story does not mention is this. */
export const PLAIN: CaseFacets = {
  kind: 'instance',
  type: 'AWS::EC2::Instance',
  environment: 'dev',
  region: 'europe',
  rule: 'aws-ec2-instance-idle',
  owner: 'owner-aaaaaaaaaaaa',
  size: 'medium',
  age: 'over-a-year',
  criticality: 'class-4',
  dependents: 'none',
  openIncidents: 'none',
  standbyRole: 'none',
  maintenanceWindow: 'none',
  internetExposed: 'no',
  adminPrivileges: 'no',
  sensitiveData: 'no',
  exposure: 'low',
  evidence: ['cpu-p95-under-1', 'network-day-heartbeat'],
  reasons: ['environment-dev'],
  tagKeys: ['owner'],
  otherTags: 'none',
};

type Story = Partial<Omit<CaseFacets, 'tagKeys'>> & { readonly tagKeys: readonly (readonly string[])[] };

/** Ten stories of machines as people tell them; each tag is one thing in the spellings of different teams. */
const STORIES: Readonly<Record<string, Story>> = {
  'month-end batch': {
    environment: 'prod',
    evidence: ['cpu-p95-1-to-3', 'cpu-max-over-40', 'network-day-light'],
    reasons: ['environment-prod', 'isolated-peak', 'month-end-not-observed'],
    criticality: 'class-2',
    tagKeys: [['schedule'], ['application', 'app'], ['cost-center', 'cost-centre', 'costcenter']],
  },
  'forgotten development box': {
    tagKeys: [['owner', 'contact'], ['environment', 'env', 'stage'], ['purpose']],
  },
  'warm standby': {
    environment: 'prod',
    standbyRole: 'stated',
    criticality: 'class-1',
    dependents: '1-to-5',
    reasons: ['criticality-1', 'dependents-exist', 'environment-prod', 'protected'],
    tagKeys: [['backup'], ['role', 'component'], ['criticality']],
  },
  'licence server': {
    environment: 'prod',
    size: 'small',
    dependents: 'more-than-5',
    evidence: ['cpu-p95-under-1', 'network-day-light'],
    reasons: ['dependents-exist', 'environment-prod', 'open-connections'],
    tagKeys: [['service'], ['version'], ['department', 'team']],
  },
  'jump host': {
    environment: 'staging',
    size: 'small',
    internetExposed: 'yes',
    adminPrivileges: 'yes',
    exposure: 'medium',
    reasons: ['admin-privileges', 'environment-staging', 'public-address'],
    tagKeys: [['role', 'purpose'], ['compliance']],
  },
  'oversized web server': {
    environment: 'prod',
    size: 'large',
    rule: 'aws-ec2-instance-over-provisioned',
    internetExposed: 'yes',
    dependents: '1-to-5',
    evidence: ['cpu-p99-10-to-40', 'memory-p99-10-to-40'],
    reasons: ['dependents-exist', 'environment-prod', 'open-connections', 'public-address'],
    tagKeys: [['application', 'app'], ['version'], ['terraform', 'managed-by']],
  },
  'build runner': {
    environment: 'test',
    age: 'under-a-month',
    evidence: ['cpu-max-over-40', 'cpu-p95-under-1', 'network-day-moderate'],
    reasons: ['environment-test', 'isolated-peak'],
    tagKeys: [['managed-by', 'terraform'], ['ttl', 'expiry'], ['project']],
  },
  'analyst workstation': {
    environment: 'sandbox',
    size: 'large',
    sensitiveData: 'yes',
    age: 'under-a-year',
    reasons: ['environment-sandbox', 'sensitive-data-held'],
    tagKeys: [
      ['data-classification', 'compliance'],
      ['owner', 'contact'],
      ['department', 'team'],
    ],
  },
  'customer demonstration': {
    environment: 'sandbox',
    age: 'under-a-quarter',
    internetExposed: 'yes',
    exposure: 'medium',
    reasons: ['environment-sandbox', 'public-address'],
    tagKeys: [['customer'], ['expiry', 'ttl'], ['purpose', 'role']],
  },
  'stopped and left': {
    environment: 'unknown',
    rule: 'aws-ec2-instance-stopped-long',
    criticality: 'unknown',
    dependents: 'unknown',
    standbyRole: 'unknown',
    sensitiveData: 'unknown',
    evidence: ['stopped-days-under-a-quarter'],
    reasons: ['cmdb-unknown', 'criticality-unknown', 'environment-unknown', 'sensitive-data-unknown'],
    tagKeys: [['name']],
  },
};

/** The same machine in another cloud has another type and another rule. */
const CLOUDS = [
  { type: 'AWS::EC2::Instance', rule: (rule: string) => rule },
  { type: 'Microsoft.Compute/virtualMachines', rule: (rule: string) => rule.replace('aws-ec2-instance', 'azure-vm') },
  { type: 'compute.googleapis.com/Instance', rule: (rule: string) => rule.replace('aws-ec2', 'gcp-compute') },
] as const;

const OTHERWISE: Partial<Record<keyof CaseFacets, readonly string[]>> = {
  region: ['europe', 'north-america', 'asia-pacific'],
  size: ['small', 'medium', 'large'],
  age: ['under-a-month', 'under-a-quarter', 'under-a-year', 'over-a-year'],
  criticality: ['class-1', 'class-2', 'class-3', 'class-4', 'unknown'],
  dependents: ['none', '1-to-5', 'more-than-5', 'unknown'],
  environment: ['dev', 'test', 'staging', 'sandbox', 'prod'],
  maintenanceWindow: ['none', 'stated', 'unknown'],
  internetExposed: ['yes', 'no', 'unknown'],
  adminPrivileges: ['yes', 'no', 'unknown'],
  sensitiveData: ['yes', 'no', 'unknown'],
  exposure: ['low', 'medium', 'high'],
  otherTags: ['none', '1-to-5', 'more-than-5'],
  owner: ['owner-aaaaaaaaaaaa', 'owner-bbbbbbbbbbbb', 'owner-cccccccccccc', 'owner-dddddddddddd'],
};

export interface Labelled {
  readonly id: string;
  readonly story: string;
  readonly facets: CaseFacets;
}

/** `each` cases per story; every facet is something else with probability `noise`, every word of a list lost with it. */
export function labelledCases(seed: number, each: number, noise = 0.3): Labelled[] {
  const random = seeded(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  return Object.entries(STORIES).flatMap(([story, { tagKeys, ...told }]) =>
    Array.from({ length: each }, (_, n) => {
      const cloud = pick(CLOUDS);
      const facets: Record<string, unknown> = { ...PLAIN, ...told, type: cloud.type };
      facets['rule'] = cloud.rule(facets['rule'] as string);
      facets['owner'] = pick(OTHERWISE.owner ?? []);
      for (const [facet, values] of Object.entries(OTHERWISE)) if (random() < noise) facets[facet] = pick(values);
      const kept = (list: unknown) => (list as string[]).filter(() => random() >= noise);
      facets['evidence'] = kept(facets['evidence']);
      facets['reasons'] = kept(facets['reasons']);
      facets['tagKeys'] = kept(tagKeys.map((spellings) => pick(spellings))).sort();
      return { id: `${story.replaceAll(' ', '-')}-${n}`, story, facets: facets as CaseFacets };
    }),
  );
}
