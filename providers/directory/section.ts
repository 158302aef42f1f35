import { z } from 'zod';

const Person = z.strictObject({
  subject: z.email(),
  displayName: z.string(),
  slackUserIds: z.array(z.string()).default([]),
  teamsUserIds: z.array(z.string()).default([]),
  /** `approvers`, `admins`, `finops`, or a team name. */
  groups: z.array(z.string()).default([]),
  /** IAM principal names (the last part of the ARN) that are this person. */
  iamPrincipals: z.array(z.string()).default([]),
  /** Ed25519, SPKI PEM: the keys with which this person signs what they say on the command line. */
  publicKeys: z.array(z.string().includes('PUBLIC KEY')).default([]),
});

/** Who people are: the section `directory`. */
export const DirectorySection = z.strictObject({
  people: z.array(Person),
  finopsGroup: z.string().default('finops'),
  /** Principals that are machines, by name or ARN: what tags by itself is nobody who could approve. */
  servicePrincipals: z.array(z.string()).default([]),
  /** Where the command line finds the private key of who uses it: `<subject>.pem`. Left out: ~/.config/idlewise */
  keyFolder: z.string().optional(),
});
export type DirectorySection = z.infer<typeof DirectorySection>;
