import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { z } from 'zod';
import type { Config } from '../config/schema.ts';
import { SandboxRole, SandboxUser, sandboxExternalId, sandboxRoleArn } from './aws/index.ts';
import { ANA, BEN, CLEO, DEV, DEV_PRINCIPAL, MALLORY } from './estate/people.ts';
import { ACCOUNTS, sandboxPhase } from './estate/places.ts';
import { SANDBOX_JIRA, SANDBOX_MODEL, type SandboxUrls, WIZ_CLIENT_ID } from './settings.ts';

export type ConfigInput = z.input<typeof Config>;

export interface SandboxConfigInput {
  readonly stateDir: string;
  readonly temporal: { address: string; uiUrl: string | null };
  readonly mongoUri: string;
  readonly urls: SandboxUrls;
  readonly slackAppPort: number;
  readonly waits: ConfigInput['policy']['waits'];
  /** Which system the changes are recorded in. @default 'servicenow' */
  readonly tickets?: 'servicenow' | 'jira';
  /** The last word on what is written. */
  readonly tune?: (config: ConfigInput) => void;
}

/** Secrets of the embedded estate: made once, kept readable for this user only, named in the configuration by file. */
export async function sandboxSecrets(
  stateDir: string,
): Promise<{ ref(name: string): string; value(name: string): Promise<string> }> {
  const folder = join(stateDir, 'secrets');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const made: Record<string, () => string> = {
    'wiz-client-secret': () => randomBytes(24).toString('hex'),
    'servicenow-password': () => randomBytes(18).toString('hex'),
    'slack-bot-token': () => `xoxb-${randomBytes(18).toString('hex')}`,
    'slack-signing-secret': () => randomBytes(24).toString('hex'),
    'model-api-key': () => `sk-${randomBytes(18).toString('hex')}`,
    'audit-signing-key': () =>
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    'aws-read-key': () => SandboxUser.read.accessKeyId,
    'aws-read-secret': () => randomBytes(20).toString('hex'),
    'aws-executor-key': () => SandboxUser.executor.accessKeyId,
    'aws-executor-secret': () => randomBytes(20).toString('hex'),
    'jira-email': () => SANDBOX_JIRA.email,
    'jira-api-token': () => randomBytes(18).toString('hex'),
    'servicenow-user': () => 'idlewise.integration',
    'wiz-client-id': () => WIZ_CLIENT_ID,
    ...Object.fromEntries(ACCOUNTS.map((a) => [`external-id-${a.accountId}`, () => sandboxExternalId(a.accountId)])),
  };
  const path = (name: string) => join(folder, name);
  for (const [name, make] of Object.entries(made))
    if (!existsSync(path(name))) await writeFile(path(name), make(), { mode: 0o600 });
  return { ref: (name) => `file:${path(name)}`, value: async (name) => (await readFile(path(name), 'utf8')).trim() };
}

/** Writes the same kind of file a real deployment has: only the addresses tell that these vendors are embedded. */
export async function writeSandboxConfig(input: SandboxConfigInput): Promise<string> {
  const { ref } = await sandboxSecrets(input.stateDir);
  const { urls } = input;
  const config: ConfigInput = {
    tenant: 'acme',
    stateDir: input.stateDir,
    temporal: { address: input.temporal.address, namespace: 'default', uiUrl: input.temporal.uiUrl },
    mongodb: { uri: input.mongoUri, database: 'idlewise' },
    accounts: ACCOUNTS.map(({ accountId, name, regions }) => ({
      accountId,
      name,
      regions: [...regions],
      phase: sandboxPhase({ accountId, region: regions[0] }),
      phaseByRegion: Object.fromEntries(regions.map((region) => [region, sandboxPhase({ accountId, region })])),
      readRoleArn: sandboxRoleArn(accountId, SandboxRole.Read),
      executorRoleArns: {
        reversible: sandboxRoleArn(accountId, SandboxRole.Reversible),
        destructive: sandboxRoleArn(accountId, SandboxRole.Destructive),
      },
      externalId: ref(`external-id-${accountId}`),
    })),
    aws: {
      endpoint: urls.aws,
      readIdentity: { accessKeyId: ref('aws-read-key'), secretAccessKey: ref('aws-read-secret') },
      executorIdentity: { accessKeyId: ref('aws-executor-key'), secretAccessKey: ref('aws-executor-secret') },
    },
    cnapp: {
      vendor: 'wiz',
      wiz: {
        tokenUrl: `${urls.wiz}/oauth/token`,
        apiUrl: `${urls.wiz}/graphql`,
        clientId: ref('wiz-client-id'),
        clientSecret: ref('wiz-client-secret'),
      },
    },
    cost: { vendor: 'aws-cost-explorer', unbilledCacheFor: '2s' },
    utilisation: { vendor: 'cloudwatch' },
    servicenow: {
      instanceUrl: urls.servicenow,
      grant: 'basic',
      username: ref('servicenow-user'),
      password: ref('servicenow-password'),
      // One class for instances, volumes, addresses and load balancers alike.
      ciTable: 'cmdb_ci_vm_object',
      assignmentGroup: 'Change Management',
    },
    tickets: {
      vendor: input.tickets ?? 'servicenow',
      jira: {
        siteUrl: urls.jira,
        email: ref('jira-email'),
        apiToken: ref('jira-api-token'),
        projectKey: SANDBOX_JIRA.projectKey,
        serviceDesk: SANDBOX_JIRA.serviceDesk,
        indexLag: '2s',
      },
    },
    slack: {
      apiUrl: `${urls.slack}/api/`,
      botToken: ref('slack-bot-token'),
      signingSecret: ref('slack-signing-secret'),
      appId: 'A0IDLEWISE',
      teamId: 'T0IDLEWISE',
      channel: 'C0IDLEWISE',
      approverUsergroup: 'S0APPROVERS',
      port: input.slackAppPort,
      allowedResponseUrlHosts: ['127.0.0.1'],
    },
    model: { vendor: 'openai', baseUrl: `${urls.openai}/v1`, apiKey: ref('model-api-key'), model: SANDBOX_MODEL },
    directory: {
      people: [
        {
          subject: ANA,
          displayName: 'Ana Almeida',
          slackUserIds: ['U0ANA', 'U0ANA2'],
          // Two admins: a phase is changed by two.
          groups: ['platform', 'approvers', 'admins'],
        },
        { subject: BEN, displayName: 'Ben Okafor', slackUserIds: ['U0BEN'], groups: ['finops', 'approvers'] },
        {
          subject: CLEO,
          displayName: 'Cleo Varga',
          slackUserIds: ['U0CLEO'],
          groups: ['security', 'approvers', 'admins'],
        },
        {
          subject: DEV,
          displayName: 'Dev Patel',
          slackUserIds: ['U0DEV'],
          groups: ['engineering'],
          iamPrincipals: [DEV_PRINCIPAL],
        },
        { subject: MALLORY, displayName: 'Mallory Quinn', slackUserIds: ['U0MAL'], groups: [] },
      ],
    },
    policy: { waits: input.waits, limits: { run: 3, day: 200, ownerDay: 100, startsPerSweep: 200 } },
    sweep: { pageSize: 50, schedule: {} },
    audit: { signingKey: ref('audit-signing-key'), anchorDir: join(input.stateDir, 'anchors') },
  };
  input.tune?.(config);
  const file = join(input.stateDir, 'config.yaml');
  await writeFile(
    file,
    `# Written by \`npm start\`: the embedded estate. config/example.yaml shows a real one.\n${stringify(config)}`,
  );
  return file;
}
