import { type CnappVendor, CnappVendor as CnappVendors } from '../config/cnapp.ts';
import { type CostVendor } from '../config/cost.ts';
import type { CloudProvider } from '../schemas/resource-type.ts';
import type { PartName } from './parts.ts';

/** Which vendors an embedded estate has: what a customer would have chosen. */
export interface StackChoice {
  readonly name: string;
  readonly clouds: readonly CloudProvider[];
  /** In the order in which they are believed. */
  readonly cnapp: readonly CnappVendor[];
  readonly cost: readonly CostVendor[];
  readonly tickets: 'servicenow' | 'jira';
  readonly chat: 'slack' | 'teams';
}

export const DEFAULT_STACK = 'wiz-aws-servicenow-slack';
export const NAMED_STACKS = [
  DEFAULT_STACK,
  'prisma-azure-jira-teams',
  'orca-gcp-jira-slack',
  'lacework-aws-vantage',
  'all',
] as const;

const CLOUDS: readonly CloudProvider[] = ['aws', 'azure', 'gcp'];
/** The cloud's own bill. */
const OWN_BILL: Partial<Record<CloudProvider, CostVendor>> = { aws: 'aws-cost-explorer', azure: 'azure', gcp: 'gcp' };
const COST_WORDS: Partial<Record<string, CostVendor>> = { vantage: 'vantage', cloudhealth: 'cloudhealth' };
/** The part a cost source reads; what is missing is read from the cloud's own part, or from files. */
const COST_PARTS: Partial<Record<CostVendor, PartName>> = {
  azure: 'azure-cost',
  gcp: 'gcp-billing',
  vantage: 'vantage',
  cloudhealth: 'cloudhealth',
};

/** A word in a stack's name that means nothing here. */
export class UnknownStack extends Error {}

/**
 * What a stack is made of, from its name: vendors joined by dashes, such as `orca-gcp-jira-slack`. What the name leaves out
 * is the usual: the cloud's own bill, ServiceNow, Slack. `all` has everything at once.
 * @throws UnknownStack naming the word and the words there are
 */
export function stackOf(name: string): StackChoice {
  if (name === 'all')
    return {
      name,
      clouds: CLOUDS,
      cnapp: CnappVendors.options,
      cost: [...Object.values(OWN_BILL), ...Object.values(COST_WORDS)].filter((v) => v !== undefined),
      tickets: 'servicenow',
      chat: 'slack',
    };
  const words = name.split('-');
  const known: readonly string[] = [
    ...CLOUDS,
    ...CnappVendors.options,
    ...Object.keys(COST_WORDS),
    'servicenow',
    'jira',
    'slack',
    'teams',
  ];
  const strange = words.find((word) => !known.includes(word));
  if (strange !== undefined)
    throw new UnknownStack(
      `the stack ${name} has the word "${strange}"; take ${NAMED_STACKS.join(', ')}, or join some of: ${known.join(', ')}`,
    );
  const chosenClouds = CLOUDS.filter((cloud) => words.includes(cloud));
  const clouds: readonly CloudProvider[] = chosenClouds.length > 0 ? chosenClouds : ['aws'];
  const platforms = words.flatMap((word) => COST_WORDS[word] ?? []);
  const cnapp = CnappVendors.options.filter((vendor) => words.includes(vendor));
  return {
    name,
    clouds,
    cnapp: cnapp.length > 0 ? cnapp : ['wiz'],
    cost: platforms.length > 0 ? platforms : clouds.flatMap((cloud) => OWN_BILL[cloud] ?? []),
    tickets: words.includes('jira') ? 'jira' : 'servicenow',
    chat: words.includes('teams') ? 'teams' : 'slack',
  };
}

/** Parts that must run for a stack, in the order of `PARTS`. The CMDB stays ServiceNow's whoever keeps the tickets. */
export function partsOf(stack: StackChoice): readonly PartName[] {
  return [
    ...new Set<PartName>([
      ...stack.clouds.map(cloudPart),
      ...stack.cnapp,
      ...stack.cost.flatMap((source) => COST_PARTS[source] ?? []),
      'servicenow',
      stack.tickets,
      stack.chat,
      'openai',
    ]),
  ];
}

function cloudPart(cloud: CloudProvider): PartName {
  return cloud as PartName;
}
