import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ANA, BEN, CLEO, DEV, DEV_PRINCIPAL, MALLORY } from './estate/people.ts';
import type { ConfigInput, SandboxPart } from './kit/part.ts';
import { PARTS, type SandboxUrls } from './parts.ts';
import { personKey, publicHalf, type SandboxSecrets, type SIGNERS } from './secrets.ts';
import { partsOf, type StackChoice } from './stacks.ts';
import { ObjectId } from './teams/people.ts';

export type { ConfigInput };

export interface SandboxConfigInput {
  readonly stateDir: string;
  readonly temporal: { address: string; uiUrl: string | null };
  readonly mongoUri: string;
  readonly stack: StackChoice;
  readonly urls: SandboxUrls;
  readonly secrets: SandboxSecrets;
  readonly chatAppPort: number;
  readonly waits: ConfigInput['policy']['waits'];
  /** The last word on what is written. */
  readonly tune?: (config: ConfigInput) => void;
}

/** Writes the same kind of file a real deployment has: only the addresses tell that these vendors are embedded. */
export async function writeSandboxConfig(input: SandboxConfigInput): Promise<string> {
  const { stack, urls, secrets } = input;
  const config: ConfigInput = {
    tenant: 'acme',
    stateDir: input.stateDir,
    temporal: { address: input.temporal.address, namespace: 'default', uiUrl: input.temporal.uiUrl },
    mongodb: { uri: input.mongoUri, database: 'idlewise' },
    cnapp: { vendor: [...stack.cnapp] },
    cost: { vendor: [...stack.cost], unbilledCacheFor: '2s' },
    model: { vendor: 'none' },
    directory: { people: PEOPLE.map((person) => withKeys(person, secrets)), keyFolder: secrets.folder },
    signing: {
      read: keyPair(secrets, 'read'),
      assess: keyPair(secrets, 'assess'),
      execute: keyPair(secrets, 'execute'),
      slack: keyPair(secrets, 'slack'),
      teams: keyPair(secrets, 'teams'),
    },
    policy: { waits: input.waits, limits: { run: 3, day: 200, ownerDay: 100, startsPerSweep: 400 } },
    sweep: { pageSize: 50, schedule: {} },
    audit: { signingKey: secrets.ref('audit-signing-key'), anchorDir: join(input.stateDir, 'anchors') },
  };
  const at = {
    url: (part: string) => urls[part as keyof SandboxUrls],
    ref: secrets.ref,
    stateDir: input.stateDir,
    chatAppPort: input.chatAppPort,
  };
  for (const name of partsOf(stack)) (PARTS[name] as SandboxPart).configure?.(config, at);
  input.tune?.(config);
  const file = join(input.stateDir, 'config.yaml');
  await writeFile(
    file,
    `# Written by \`npm start\`: the embedded estate. config/example.yaml shows a real one.\n${stringify(config)}`,
  );
  return file;
}

function keyPair(secrets: SandboxSecrets, role: (typeof SIGNERS)[number]) {
  const name = `signing-${role}`;
  return { privateKey: secrets.ref(name), publicKeys: [publicHalf(secrets.values[name] ?? '')] };
}

type Person = ConfigInput['directory']['people'][number];

function withKeys(person: Person, secrets: SandboxSecrets): Person {
  const privatePem = secrets.values[personKey(person.subject)];
  return privatePem === undefined ? person : { ...person, publicKeys: [publicHalf(privatePem)] };
}

const PEOPLE: ConfigInput['directory']['people'] = [
  {
    subject: ANA,
    displayName: 'Ana Almeida',
    slackUserIds: ['U0ANA', 'U0ANA2'],
    teamsUserIds: [ObjectId.ana, ObjectId.anaMobile],
    // Two admins: a phase is changed by two.
    groups: ['platform', 'approvers', 'admins'],
  },
  {
    subject: BEN,
    displayName: 'Ben Okafor',
    slackUserIds: ['U0BEN'],
    teamsUserIds: [ObjectId.ben],
    groups: ['finops', 'approvers'],
  },
  {
    subject: CLEO,
    displayName: 'Cleo Varga',
    slackUserIds: ['U0CLEO'],
    teamsUserIds: [ObjectId.cleo],
    groups: ['security', 'approvers', 'admins'],
  },
  {
    subject: DEV,
    displayName: 'Dev Patel',
    slackUserIds: ['U0DEV'],
    teamsUserIds: [ObjectId.dev],
    groups: ['engineering'],
    // The same user in each cloud: an IAM user, and the accounts of Entra and Google.
    iamPrincipals: [DEV_PRINCIPAL, `${DEV_PRINCIPAL}@acme.example`],
  },
  {
    subject: MALLORY,
    displayName: 'Mallory Quinn',
    slackUserIds: ['U0MAL'],
    teamsUserIds: [ObjectId.mallory],
    groups: [],
  },
];
