import { ANA, BEN, CLEO, DEV, MALLORY } from '../estate/people.ts';
import type { TeamsDirectorySeed } from './types.ts';

/** Entra object ids of the sandbox's accounts: what configuration lists as `teamsUserIds`. */
export const ObjectId = {
  ana: 'a0000000-0000-4000-8000-0000000000a1',
  anaMobile: 'a0000000-0000-4000-8000-0000000000a2',
  ben: 'b0000000-0000-4000-8000-0000000000b1',
  cleo: 'c0000000-0000-4000-8000-0000000000c1',
  dev: 'd0000000-0000-4000-8000-0000000000d1',
  mallory: 'e0000000-0000-4000-8000-0000000000e1',
  guest: 'f0000000-0000-4000-8000-0000000000f1',
  partner: 'f0000000-0000-4000-8000-0000000000f2',
  gone: 'f0000000-0000-4000-8000-0000000000f3',
} as const;

/** The channel Idlewise asks in. */
export const SANDBOX_CONVERSATION = '19:cloud-savings@thread.tacv2';

/**
 * The team of the sandbox: three approvers (one with two accounts), an engineer who may not approve, an outsider who has
 * taken an approver's name, and one account of every kind that an approval must refuse.
 */
export const sandboxTeamsDirectory: TeamsDirectorySeed = {
  users: [
    {
      id: '29:ana',
      objectId: ObjectId.ana,
      handle: 'ana',
      name: 'Ana Almeida',
      email: ANA,
      title: 'Platform lead',
      canActInPage: true,
    },
    {
      id: '29:ben',
      objectId: ObjectId.ben,
      handle: 'ben',
      name: 'Ben Okafor',
      email: BEN,
      title: 'FinOps',
      canActInPage: true,
    },
    {
      id: '29:cleo',
      objectId: ObjectId.cleo,
      handle: 'cleo',
      name: 'Cleo Varga',
      email: CLEO,
      title: 'Security',
      canActInPage: true,
    },
    {
      id: '29:dev',
      objectId: ObjectId.dev,
      handle: 'dev',
      name: 'Dev Patel',
      email: DEV,
      title: 'Engineer',
      canActInPage: true,
    },
    {
      id: '29:mallory',
      objectId: ObjectId.mallory,
      handle: 'mallory',
      name: 'Ana Almeida',
      email: MALLORY,
      title: 'Contractor, calls herself Ana',
      canActInPage: true,
    },
    {
      id: '29:ana.mobile',
      objectId: ObjectId.anaMobile,
      handle: 'ana.mobile',
      name: 'Ana Almeida',
      email: 'ana.mobile@acme.example',
    },
    {
      id: '29:guest',
      objectId: ObjectId.guest,
      handle: 'gina',
      name: 'Gina Guest',
      email: 'gina@partner.example',
      guest: true,
    },
    {
      id: '29:partner',
      objectId: ObjectId.partner,
      handle: 'fay',
      name: 'Fay Partner',
      email: 'fay@partner.example',
      tenantId: '99999999-0000-4000-8000-000000000099',
    },
    {
      id: '29:gone',
      objectId: ObjectId.gone,
      handle: 'gus',
      name: 'Gus Leaver',
      email: 'gus@acme.example',
      gone: true,
    },
  ],
  channels: [
    { id: SANDBOX_CONVERSATION, name: 'Cloud savings', topic: 'Idle cloud assets: decide what happens to them' },
    { id: '19:general@thread.tacv2', name: 'General', topic: 'Company-wide announcements' },
  ],
};
