import type { z } from 'zod';

type Given = Readonly<Record<string, unknown>>;

/**
 * Names under which cases may state facts besides today's (schemas/cloud-facts.ts): the AWS words that the facts had until
 * 0.2. Files of cases are kept for years, so the reader knows both; nothing behind it does.
 */
const EARLIER: Readonly<Record<string, string>> = {
  availabilityZone: 'zone',
  vpcId: 'networkId',
  securityGroupIds: 'firewallIds',
  eipAllocationId: 'staticAddressId',
  iamInstanceProfileArn: 'workloadIdentity',
  autoScalingGroup: 'scalingGroup',
  rootDeviceType: 'rootDisk',
  instanceStoreVolumes: 'localDisks',
  terminationProtection: 'deletionProtection',
  targetGroupArns: 'backendGroupIds',
  listenerArns: 'listenerIds',
  kmsKeyId: 'encryptionKeyId',
  deleteOnTermination: 'deletedWithInstance',
};

/** Values that were renamed with their field. */
const EARLIER_VALUES: Readonly<Record<string, Given>> = {
  rootDisk: { ebs: 'persistent', 'instance-store': 'local' },
  state: { active_impaired: 'impaired' },
};

export interface RenamedFacts {
  readonly facts: Given;
  /** A fact stated under both names with different values: nobody knows which is meant. */
  readonly issue: z.core.$ZodIssue | null;
}

/** The stated facts under today's names, disks included. */
export function underTodaysNames(given: Given): RenamedFacts {
  const facts: Record<string, unknown> = {};
  for (const [name, stated] of Object.entries(given)) {
    const today = Object.hasOwn(EARLIER, name) ? (EARLIER[name] ?? name) : name;
    const value = valueOf(today, stated);
    if (Object.hasOwn(facts, today) && JSON.stringify(facts[today]) !== JSON.stringify(value))
      return { facts, issue: contradiction(name, today, stated) };
    facts[today] = value;
  }
  const disks = facts['volumes'];
  if (!Array.isArray(disks)) return { facts, issue: null };
  const renamed = disks.map((disk) => (isRecord(disk) ? underTodaysNames(disk) : { facts: disk, issue: null }));
  facts['volumes'] = renamed.map((disk) => disk.facts);
  return { facts, issue: renamed.find((disk) => disk.issue !== null)?.issue ?? null };
}

function valueOf(name: string, value: unknown): unknown {
  const values = Object.hasOwn(EARLIER_VALUES, name) ? EARLIER_VALUES[name] : undefined;
  return typeof value === 'string' && values && Object.hasOwn(values, value) ? values[value] : value;
}

function contradiction(name: string, today: string, input: unknown): z.core.$ZodIssue {
  return {
    code: 'custom',
    path: [name],
    input,
    message: `says something else than ${today}, its other name; state it once`,
  };
}

function isRecord(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
