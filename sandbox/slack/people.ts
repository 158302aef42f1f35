import { ANA, BEN, CLEO, DEV, MALLORY } from '../estate/people.ts';
import type { SlackDirectorySeed } from './types.ts';

/**
 * The workspace of the sandbox: three approvers (one with two accounts), an engineer who may not approve, an outsider
 * with bad intentions, and one member of every kind that Slack knows and an approval must refuse.
 */
export const sandboxSlackDirectory: SlackDirectorySeed = {
  users: [
    {
      id: 'U0ANA',
      handle: 'ana',
      realName: 'Ana Almeida',
      email: ANA,
      title: 'Platform lead',
      canActInPage: true,
    },
    {
      id: 'U0BEN',
      handle: 'ben',
      realName: 'Ben Okafor',
      email: BEN,
      title: 'FinOps',
      canActInPage: true,
    },
    {
      id: 'U0CLEO',
      handle: 'cleo',
      realName: 'Cleo Varga',
      email: CLEO,
      title: 'Security',
      canActInPage: true,
    },
    {
      id: 'U0DEV',
      handle: 'dev',
      realName: 'Dev Patel',
      email: DEV,
      title: 'Engineer',
      canActInPage: true,
    },
    {
      id: 'U0MAL',
      handle: 'mallory',
      realName: 'Mallory Quinn',
      email: MALLORY,
      title: 'Contractor',
      canActInPage: true,
    },
    {
      id: 'U0ANA2',
      handle: 'ana.mobile',
      realName: 'Ana Almeida',
      email: 'ana.mobile@acme.example',
      title: 'Second account of Ana',
    },
    { id: 'U0GONE', handle: 'gus', realName: 'Gus Leaver', email: 'gus@acme.example', deleted: true },
    { id: 'U0BOT', handle: 'deploybot', realName: 'Deploy Bot', email: 'deploybot@acme.example', isBot: true },
    { id: 'U0GUEST', handle: 'gina', realName: 'Gina Guest', email: 'gina@acme.example', isRestricted: true },
    {
      id: 'U0FAR',
      handle: 'fay',
      realName: 'Fay Partner',
      email: 'fay@partner.example',
      isStranger: true,
      teamId: 'T0OTHER',
    },
  ],
  usergroups: [
    {
      id: 'S0APPROVERS',
      handle: 'idlewise-approvers',
      members: ['U0ANA', 'U0ANA2', 'U0BEN', 'U0CLEO', 'U0GONE', 'U0BOT', 'U0GUEST', 'U0FAR'],
    },
  ],
  channels: [
    { id: 'C0IDLEWISE', name: 'cloud-savings', topic: 'Idle cloud assets: decide what happens to them' },
    { id: 'C0GENERAL', name: 'general', topic: 'Company-wide announcements' },
  ],
};
