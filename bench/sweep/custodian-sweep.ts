import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { SandboxRole, SandboxUser, sandboxExternalId, sandboxRoleArn } from '../../sandbox/aws/index.ts';
import { runCommand } from '../../sandbox/servers/run-command.ts';

export interface CustodianTarget {
  readonly command: string;
  readonly folder: string;
  readonly endpoint: string;
  readonly accountId: string;
  readonly region: string;
  readonly env: NodeJS.ProcessEnv;
}

const DAYS = 14;
const POLICY = 'idle-instances';

/**
 * The same question in Cloud Custodian's words: running, old enough, not one CPU sample of 14 days at 15 % or more, and
 * next to no traffic. Its metrics filter looks at one asset and metric per request; the filter that drops most comes first.
 */
const POLICIES = {
  policies: [
    {
      name: POLICY,
      resource: 'aws.ec2',
      filters: [
        { 'State.Name': 'running' },
        { type: 'value', key: 'LaunchTime', value_type: 'age', op: 'ge', value: DAYS },
        metric('CPUUtilization', 'Maximum', 15),
        metric('NetworkIn', 'Sum', 5_000_000 * DAYS),
        metric('NetworkOut', 'Sum', 5_000_000 * DAYS),
      ],
    },
  ],
};

function metric(name: string, statistics: string, value: number) {
  return { type: 'metrics', name, statistics, days: DAYS, op: 'less-than', value };
}

/** One run of the policy, nothing cached; the ids it found. */
export async function sweepWithCustodian(target: CustodianTarget, run: string): Promise<string[]> {
  const { command, folder, endpoint, accountId, region, env } = target;
  const output = join(folder, `custodian-${run}`);
  await mkdir(output, { recursive: true });
  const file = join(output, 'policy.yml');
  await writeFile(file, stringify(POLICIES));
  const role = sandboxRoleArn(accountId, SandboxRole.Read);
  const identity = ['--assume', role, '--external-id', sandboxExternalId(accountId)];
  await runCommand(command, ['run', '-s', output, '--region', region, '--cache-period', '0', ...identity, file], {
    timeout: 900_000,
    env: {
      ...env,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: SandboxUser.read.accessKeyId,
      AWS_SECRET_ACCESS_KEY: 'any',
      AWS_DEFAULT_REGION: region,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  });
  const resources = JSON.parse(await readFile(join(output, POLICY, 'resources.json'), 'utf8')) as {
    InstanceId: string;
  }[];
  return resources.map((r) => r.InstanceId);
}
