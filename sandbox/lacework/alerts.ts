import { keyOf } from '../estate/random.ts';
import type { Estate, SeededAsset } from '../estate/types.ts';
import { inBatches } from './collections.ts';
import { policyIdOf } from './compliance.ts';
import { iso, machineIdOf, midOf, urnOf } from './names.ts';
import type { LaceworkState } from './state.ts';
import type { CloudState, Row, World } from './types.ts';
import { severityWord } from './vulnerabilities.ts';

const DAY = 86_400_000;
type Seeded = SeededAsset['posture']['findings'][number];

export interface AlertStore {
  /** Closes the alerts of what is no more, as far as that has been seen long enough ago. */
  settle(): Promise<void>;
  rows(): readonly Row[];
  /** One alert with its entities; null when there is none. */
  details(id: string): Row | null;
  timeline(id: string): readonly Row[];
  comment(id: string, text: string): Row;
  close(id: string): void;
}

const raisesAlert = (finding: Seeded): boolean => finding.kind === 'threat' || finding.kind === 'toxic-combination';

export function createAlertStore(o: {
  readonly world: World;
  readonly state: LaceworkState;
  readonly resolveDelayMs: number;
  readonly stateOf: (asset: SeededAsset) => CloudState | Promise<CloudState>;
}): AlertStore {
  const { world, state } = o;
  const { estate } = world;
  const seeded = estate.assets.flatMap((asset) =>
    asset.posture.findings
      .filter(raisesAlert)
      .map((finding) => ({ asset, finding, id: alertId(estate, asset, finding) })),
  );
  const isClosed = (id: string, asset: SeededAsset): boolean => {
    const left = state.leftAt[asset.name];
    return state.closed[id] !== undefined || (left !== undefined && left + o.resolveDelayMs <= world.clock());
  };
  const rows = (): readonly Row[] => [
    ...seeded.map(({ asset, finding, id }) => alertRow(world, asset, { finding, id, closed: isClosed(id, asset) })),
    nobody(world),
  ];

  return {
    settle: async () => {
      await inBatches([...new Set(seeded.map((s) => s.asset))], async (asset) => {
        const left = state.leftAt[asset.name];
        // What was closed stays closed: the vendor cannot open an alert again.
        if (left !== undefined && left + o.resolveDelayMs <= world.clock()) return;
        if ((await o.stateOf(asset)) === 'present') delete state.leftAt[asset.name];
        else state.leftAt[asset.name] ??= world.clock();
      });
      state.save();
    },
    rows,
    details: (id) => {
      const row = rows().find((r) => String(r['alertId']) === id);
      const of = seeded.find((s) => s.id === id);
      return row
        ? { ...row, entityMap: of ? entityMap(estate, of.asset, of.finding) : { User: [{ KEY: 'ops' }] } }
        : null;
    },
    timeline: (id) => (state.comments[id] ?? []).map((comment) => entryOf(id, comment)),
    comment: (id, text) => {
      const comments = (state.comments[id] ??= []);
      const comment = { id: `c${comments.length + 1}-${id}`, text, at: iso(world.clock()) };
      comments.push(comment);
      state.save();
      return entryOf(id, comment);
    },
    close: (id) => {
      state.closed[id] = world.clock();
      state.save();
    },
  };
}

function alertId(estate: Estate, asset: SeededAsset, finding: Seeded): string {
  return String(1000 + (keyOf(estate.seed, `alert/${asset.name}/${finding.title}`) % 9_000_000));
}

/** A threat names its machine in its entities alone; a violation says the URN in its words. */
function alertRow(
  world: World,
  asset: SeededAsset,
  of: { readonly finding: Seeded; readonly id: string; readonly closed: boolean },
): Row {
  const { finding, id, closed } = of;
  const threat = finding.kind === 'threat';
  const startedAt = world.estate.seededAt * 1000 - Math.min(20, asset.createdDaysAgo) * DAY;
  return {
    alertId: Number(id),
    alertName: finding.title,
    alertType: threat ? 'IncidentPotentialHostCryptominingAttack' : 'CloudPolicyViolation',
    severity: severityWord(finding.severity),
    status: closed ? 'Closed' : 'Open',
    startTime: iso(startedAt),
    endTime: iso(startedAt + DAY / 24),
    lastUserUpdatedTime: '',
    alertInfo: {
      subject: threat ? 'Suspicious activity on a host' : finding.title,
      description: threat ? 'A process talks to a known pool' : `Violation found on ${urnOf(asset)}.`,
    },
    derivedFields: threat
      ? { category: 'Composite', sub_category: 'Machine', source: 'Agent' }
      : { category: 'Policy', sub_category: 'Compliance', source: 'AWS' },
    policyId: threat ? '' : policyIdOf(finding.title),
    reachability: 'UnknownReachability',
  };
}

/** An alert about a person, which no resource has anything to do with. */
function nobody(world: World): Row {
  return {
    alertId: 77,
    alertName: 'Login from a new place',
    alertType: 'NewLocation',
    severity: 'Medium',
    status: 'Open',
    startTime: iso(world.estate.seededAt * 1000 - 2 * DAY),
    endTime: iso(world.estate.seededAt * 1000 - DAY),
    lastUserUpdatedTime: '',
    alertInfo: { subject: 'ops', description: 'A person logged in from a new place' },
    derivedFields: { category: 'Anomaly', sub_category: 'User', source: 'CloudTrail' },
    policyId: null,
  };
}

function entityMap(estate: Estate, asset: SeededAsset, finding: Seeded): Row {
  if (finding.kind !== 'threat') return { Resource: [{ KEY: { URN: urnOf(asset) }, PROPS: {} }] };
  const props = { INSTANCE_ID: machineIdOf(estate.seed, asset), HOSTNAME: asset.name };
  return { Machine: [{ KEY: { MID: midOf(estate.seed, asset) }, PROPS: props }], Process: [{ KEY: { PID: 77 } }] };
}

function entryOf(alert: string, comment: { id: string; text: string; at: string }): Row {
  return {
    id: comment.id,
    alertId: Number(alert),
    entryType: 'Comment',
    entryAuthorType: 'UserUpdate',
    message: { format: 'Plaintext', value: comment.text },
    externalTime: comment.at,
    user: { userGuid: 'U1', username: 'svc' },
    updateContext: {},
  };
}
