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
      email: 'ana@example.com',
      title: 'Platform lead',
      canActInPage: true,
    },
    {
      id: 'U0BEN',
      handle: 'ben',
      realName: 'Ben Okafor',
      email: 'ben@example.com',
      title: 'FinOps',
      canActInPage: true,
    },
    {
      id: 'U0CLEO',
      handle: 'cleo',
      realName: 'Cleo Varga',
      email: 'cleo@example.com',
      title: 'Security',
      canActInPage: true,
    },
    {
      id: 'U0DEV',
      handle: 'dev',
      realName: 'Dev Patel',
      email: 'dev@example.com',
      title: 'Engineer',
      canActInPage: true,
    },
    {
      id: 'U0MAL',
      handle: 'mallory',
      realName: 'Mallory Quinn',
      email: 'mallory@example.com',
      title: 'Contractor',
      canActInPage: true,
    },
    {
      id: 'U0ANA2',
      handle: 'ana.mobile',
      realName: 'Ana Almeida',
      email: 'ana.mobile@example.com',
      title: 'Second account of Ana',
    },
    { id: 'U0GONE', handle: 'gus', realName: 'Gus Leaver', email: 'gus@example.com', deleted: true },
    { id: 'U0BOT', handle: 'deploybot', realName: 'Deploy Bot', email: 'deploybot@example.com', isBot: true },
    { id: 'U0GUEST', handle: 'gina', realName: 'Gina Guest', email: 'gina@example.com', isRestricted: true },
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
