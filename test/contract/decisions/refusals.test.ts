import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type REFUSALS, RUN_REFUSALS } from '../../../decisions/refusals.ts';
import { ROUND_REFUSALS } from '../../../domain/decision-round.ts';
import type { Fault } from '../../../sandbox/kit/faults.ts';
import type { ApprovalRequest } from '../../../schemas/decision.ts';
import { until } from '../../helpers/chat.ts';
import {
  type Asked,
  type Broken,
  type CliDoor,
  type Door,
  openCliDoor,
  openSlackDoor,
  openTeamsDoor,
  type SlackDoor,
  type TeamsDoor,
  type Verdict,
} from './doors.ts';

// Every reason to say no, through every way people decide. A new reason does not compile until it is in this table.

interface Doors {
  readonly slack: SlackDoor;
  readonly teams: TeamsDoor;
  readonly cli: CliDoor;
}
/** Makes it happen and returns what the person was told; or says why it cannot happen there. */
type Provoke<D> = string | ((door: D, asked: Asked) => Promise<string>);
interface Row {
  readonly ask?: () => Partial<ApprovalRequest>;
  readonly slack: Provoke<SlackDoor>;
  readonly teams: Provoke<TeamsDoor>;
  readonly cli: Provoke<CliDoor>;
  /** It was recorded before it was refused. */
  readonly recorded?: true;
}

const everywhere = (
  provoke: (door: Door, asked: Asked) => Promise<string>,
  more: Pick<Row, 'ask' | 'recorded'> = {},
): Row => ({
  slack: provoke,
  teams: provoke,
  cli: provoke,
  ...more,
});
const says = (who: string, verdict: Verdict) => (door: Door, asked: Asked) => door.say(who, verdict, asked);
const closedAs = (status: ApprovalRequest['status']) =>
  everywhere(async (door, asked) => {
    await door.store.approvals.transition(asked.request.approvalId, 'open', status);
    return door.say('ana', 'approve', asked);
  });
const broken = (part: Partial<Broken>, more: Pick<Row, 'recorded'> = {}) =>
  everywhere(async (door, asked) => {
    Object.assign(door.broken, part);
    return door.say('ana', 'approve', asked);
  }, more);

const NO_WIRE = 'nothing is sent to the command line: whoever may run it is the trust it has';
const NO_ACCOUNT = 'the command line has no accounts of its own, only people of the directory';
const BY_OBJECT_ID = 'people on Teams are known by their object id, never by an address';
const ONE_CODE = 'Slack has a code of its own for each part of a request';
const NO_SUCH_BUTTON = 'no message has a button that calls off';
const slackSends = (misbehave: Parameters<SlackDoor['misbehave']>[1]) => (door: SlackDoor, asked: Asked) =>
  door.misbehave(asked, misbehave);
const teamsSends = (misbehave: Parameters<TeamsDoor['misbehave']>[1]) => (door: TeamsDoor, asked: Asked) =>
  door.misbehave(asked, misbehave);
const slackUser = (id: string) => (door: SlackDoor, asked: Asked) => door.say(id, 'approve', asked);
const down: Fault = { kind: 'status', status: 500 } as Fault;

const TABLE: Record<(typeof REFUSALS)[number], Row> = {
  'bad-signature': {
    slack: slackSends({ wrongSignature: true }),
    teams: teamsSends({ wrongKey: true }),
    cli: NO_WIRE,
  },
  malformed: { slack: ONE_CODE, teams: teamsSends({ overrides: { timestamp: 'yesterday' } }), cli: NO_WIRE },
  'stale-timestamp': {
    slack: slackSends({ timestampOffset: -360 }),
    teams: teamsSends({ timestampOffset: -360 }),
    cli: NO_WIRE,
  },
  'future-timestamp': {
    slack: slackSends({ timestampOffset: 3600 }),
    teams: teamsSends({ timestampOffset: 3600 }),
    cli: NO_WIRE,
  },
  replayed: {
    slack: async (door, asked) => {
      await door.say('ana', 'approve', asked);
      return `(${String((await door.bench.sim('replay', {})).answer)})`;
    },
    teams: async (door, asked) => {
      await door.say('ana', 'approve', asked);
      return `(${String((await door.bench.sim('replay', {})).answer)})`;
    },
    cli: NO_WIRE,
    recorded: true,
  },
  'other-app': {
    slack: slackSends({ overrides: { api_app_id: 'A0EVIL' } }),
    teams: teamsSends({ overrides: { recipient: { id: '28:another' } } }),
    cli: NO_WIRE,
  },
  'other-workspace': {
    slack: slackSends({ overrides: { team: { id: 'T0EVIL', domain: 'evil' } } }),
    teams: async (door, asked) => door.say('fay', 'approve', asked),
    cli: NO_WIRE,
  },
  'unknown-approval': everywhere(async (door, asked) => {
    const { approvalId } = asked.request;
    const gone = { ...asked, request: { ...asked.request, approvalId: 'apr_nowhere' } };
    if (door.name === 'cli') return door.say('ana', 'reject', gone);
    // The button stays in the channel when the records are restored from an older day.
    const get = door.store.approvals.get.bind(door.store.approvals);
    const approvals = door.store.approvals as { get: typeof get };
    approvals.get = async (id) => (id === approvalId ? null : get(id));
    try {
      return await door.say('ana', 'approve', asked);
    } finally {
      approvals.get = get;
    }
  }),
  'deactivated-user': {
    slack: slackUser('U0GONE'),
    teams: 'who has left is no member of the channel',
    cli: NO_ACCOUNT,
  },
  bot: { slack: slackUser('U0BOT'), teams: 'a bot has no Entra object id in the directory', cli: NO_ACCOUNT },
  guest: { slack: slackUser('U0GUEST'), teams: says('gina', 'approve'), cli: NO_ACCOUNT },
  'unverified-email': {
    slack: async (door, asked) => {
      const ben = door.bench.simulator.world.seed.users.find((u) => u.id === 'U0BEN') as { emailConfirmed?: boolean };
      ben.emailConfirmed = false;
      try {
        return await door.say('ben', 'approve', asked);
      } finally {
        delete ben.emailConfirmed;
      }
    },
    teams: BY_OBJECT_ID,
    cli: NO_ACCOUNT,
  },
  'not-an-approver': everywhere(says('mallory', 'approve')),
  'already-decided': closedAs('decided'),
  expired: everywhere(says('ana', 'approve'), {
    ask: () => ({ expiresAt: new Date(Date.now() - 1000).toISOString() }),
  }),
  superseded: closedAs('superseded'),
  cancelled: closedAs('cancelled'),
  'not-approved': {
    slack: NO_SUCH_BUTTON,
    teams: NO_SUCH_BUTTON,
    cli: (door, { request }) => door.run(request.approvalId, 'withdraw', '--as', 'ana@acme.example'),
  },
  'plan-digest-mismatch': {
    ask: () => ({ options: [{ optionId: 'stop-instance', planDigest: 'f'.repeat(64), requiredApprovals: 1 }] }),
    slack: says('ana', 'approve'),
    teams: says('ana', 'approve'),
    cli: (door, { request }) =>
      door.run(
        request.approvalId,
        'approve',
        '--as',
        'ana@acme.example',
        '--option',
        'stop-instance',
        '--plan',
        'a'.repeat(16),
      ),
  },
  'self-approval': everywhere(says('cleo', 'approve'), { ask: () => ({ requesterSubject: 'cleo@acme.example' }) }),
  'records-unavailable': broken({ store: true }),
  'audit-unavailable': broken({ audit: true }),
  'slack-unavailable': {
    slack: async (door, asked) => {
      door.bench.simulator.faults.push({ path: 'users.info', ...down });
      const text = await door.say('ana', 'approve', asked);
      door.bench.simulator.faults.length = 0;
      return text;
    },
    teams: 'that is the other chat',
    cli: NO_WIRE,
  },
  'teams-unavailable': {
    slack: 'that is the other chat',
    teams: async (door, asked) => {
      door.bench.simulator.faults.push({ path: 'members', ...down });
      const text = await door.say('ana', 'approve', asked);
      door.bench.simulator.faults.length = 0;
      return text;
    },
    cli: NO_WIRE,
  },
  'internal-error': broken({ policy: 'throws' }),
};

const POLICIES: Record<string, Row> = {
  'no-permit': everywhere(says('dev', 'snooze')),
  'forbid-approving-own-request': broken({ policy: ['forbid-approving-own-request'] }),
  'forbid-late-approval': broken({ policy: ['forbid-late-approval'] }),
  'evaluation-error:now: is malformed': broken({ policy: ['evaluation-error:now: is malformed'] }),
};

const ROWS: readonly (readonly [string, Row])[] = [
  ...Object.entries(TABLE),
  ...Object.entries(POLICIES).map(([name, row]) => [`policy:${name}`, row] as const),
  ...[...ROUND_REFUSALS, ...RUN_REFUSALS].map(
    (refusal) => [`workflow:${refusal}`, broken({ workflow: refusal }, { recorded: true })] as const,
  ),
];

test('every policy that can say no to a person is in the table', () => {
  const text = readFileSync('config/policies/policies.cedar', 'utf8');
  const forbids = [...text.matchAll(/@id\("([^"]+)"\)\s*forbid \(\s*principal is Idlewise::Human,/g)].map((m) => m[1]);
  assert.ok(forbids.length >= 2);
  for (const id of forbids) assert.ok(id !== undefined && Object.hasOwn(POLICIES, id), id);
});

const OPEN = { slack: openSlackDoor, teams: openTeamsDoor, cli: openCliDoor } as const;

for (const name of ['slack', 'teams', 'cli'] as const)
  describe(`through ${name}`, () => {
    let door: Doors[typeof name];
    before(async () => {
      door = await OPEN[name]();
    });
    after(() => door?.stop());
    beforeEach(() => void Object.assign(door.broken, { audit: false, store: false, policy: null, workflow: null }));

    for (const [code, row] of ROWS) {
      const provoke = row[name] as Provoke<Door>;
      if (typeof provoke !== 'string')
        test(code, async () => {
          const asked = await door.ask(row.ask?.());
          const { approvalId, remediationId } = asked.request;
          const told = door.told().length;
          const before = (await reasons(door, remediationId)).length;
          const text = await provoke(door, asked);
          Object.assign(door.broken, { audit: false, store: false, policy: null, workflow: null });
          assert.ok(text.includes(`(${code})`), text);

          // A trail that is down has nothing to show; everything else is in it once.
          const expected = code === 'audit-unavailable' ? 0 : 1;
          await until(async () => (await reasons(door, remediationId)).length === before + expected);
          if (expected === 1) assert.equal((await reasons(door, remediationId)).at(-1), code);

          const decided = await door.store.approvals.decisionsOn(approvalId);
          const given = (await door.trail(`remediation/${remediationId}`)).filter((e) => e.type === 'APPROVAL_GIVEN');
          const count = row.recorded ? 1 : 0;
          assert.deepEqual([decided.length, given.length, door.told().length - told], [count, count, count]);
        });
    }
  });

/** Reasons of the refusals about one request, and of those nobody could be named for; newest last. */
async function reasons(door: Door, remediationId: string): Promise<string[]> {
  const own = await door.trail(`remediation/${remediationId}`);
  const rows = [...(await door.trail('auth')), ...own.filter((e) => e.type === 'APPROVAL_REFUSED')];
  return rows.map((row) => String(row.payload?.['reason']));
}
