import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import type { VerifyInput } from '../../../activities/contracts.ts';
import { expectedState } from '../../../activities/verify/expected-state.ts';
import { type VerifyDeps, verifyChange } from '../../../activities/verify/verify-change.ts';
import type { RescanStatus } from '../../../ports/cnapp.ts';
import { digestOf } from '../../../schemas/digest.ts';
import { ProviderError } from '../../../ports/errors.ts';
import type { CloudFacts, InstanceFacts } from '../../../schemas/cloud-facts.ts';
import type { Plan } from '../../../schemas/option.ts';
import type { Finding, Posture } from '../../../schemas/posture.ts';
import { memoryAudit, memoryRecords } from '../../helpers/memory-records.ts';
import { addressFacts, instanceFacts, loadBalancerFacts, planFor, volumeFacts } from '../executor/facts.ts';
import { caseOf, NOW, REMEDIATION } from './rig.ts';

const notFound = () => new ProviderError({ kind: 'not-found', provider: 'wiz', operation: 'x', message: 'unknown' });
const DEADLINE = new Date(NOW.getTime() + 60_000);

function issue(uid: string, status_id: number): Finding {
  return {
    uid,
    class_uid: 2003,
    title: uid,
    severity_id: 4,
    status_id,
    first_seen_time: null,
    last_seen_time: null,
    cve: null,
    isIssue: true,
  };
}

function posture(...findings: Finding[]): Posture {
  return {
    source: 'wiz',
    vendorId: 'wiz-1',
    observedAt: NOW.toISOString(),
    internetExposed: true,
    openPorts: [],
    adminPrivileges: null,
    sensitiveData: null,
    findings,
  };
}

function world(options: { action?: Plan['action']; state?: InstanceFacts['state'] } = {}) {
  const before = instanceFacts();
  const plan: Plan = { ...planFor(options.action ?? 'stop-instance', before), remediationId: REMEDIATION };
  const planDigest = digestOf(plan);
  const records = memoryRecords();
  const audit = memoryAudit();
  const base = caseOf(before);
  const state = {
    facts: { ...before, state: options.state ?? 'stopped' } as CloudFacts | null,
    scan: 'succeeded' as RescanStatus,
    after: (() => posture(issue('issue-1', 4))) as () => Posture,
    request: (() => ({ rescanId: 'scan-1' })) as () => { rescanId: string },
    asked: 0,
    now: NOW,
  };
  records.plans.set(planDigest, plan);
  records.cases.set('case-1', { ...base, record: { ...base.record, posture: posture(issue('issue-1', 1)) } });
  const deps: VerifyDeps = {
    store: records.store,
    audit,
    clock: () => state.now,
    reader: {
      vendor: 'scripted',
      describe: async () => ({ facts: new Map(state.facts ? [[before.assetKey, state.facts]] : []), rejected: [] }),
      describeOne: async () => state.facts,
      history: async () => ({ creator: null, tagSetters: [] }),
      check: async () => '',
    },
    cnapp: {
      vendor: 'wiz',
      listAssets: async () => ({ assets: [], rejected: [], nextCursor: null, totalCount: null }),
      posture: async () => state.after(),
      async requestRescan() {
        state.asked++;
        return state.request();
      },
      rescanStatus: async () => state.scan,
      addIssueNote: async () => ({ noteId: 'n', created: true }),
      check: async () => '',
    },
  };
  const input: VerifyInput = {
    remediationId: REMEDIATION,
    caseId: 'case-1',
    asset: { ...before, name: 'web-1', vendorId: 'wiz-1' },
    action: plan.action,
    planDigest,
    actedAt: NOW.toISOString(),
    deadlineAt: DEADLINE.toISOString(),
    pollMs: 50,
  };
  return { state, audit, records, planDigest, verify: () => verifyChange(deps, input) };
}

async function notYetAfter(look: Promise<unknown>): Promise<string> {
  const error = await look.then(
    () => assert.fail('it was concluded'),
    (e: unknown) => e,
  );
  assert.ok(error instanceof ApplicationFailure && error.nonRetryable !== true && error.nextRetryDelay === 50);
  return error.message;
}

test('stopped, rescanned and its issue resolved: verified, in the trail and the evidence', async () => {
  const w = world();
  assert.deepEqual(await w.verify(), { result: 'verified', reasons: [], openIssueIds: ['issue-1'] });
  assert.deepEqual(w.audit.types(), ['VERIFY']);
  assert.equal(w.records.evidence.get(`${w.planDigest}/verify`)?.['result'], 'verified');
});

test('the cloud says otherwise: contradicted, whatever the scanner thinks', async () => {
  const w = world({ state: 'running' });
  const { result, reasons } = await w.verify();
  assert.deepEqual([result, reasons, w.state.asked], ['contradicted', ['cloud-state:running'], 0]);
});

test('an asset that vanished where it should only have stopped contradicts', async () => {
  const w = world();
  w.state.facts = null;
  assert.deepEqual((await w.verify()).reasons, ['cloud-state:gone']);
});

test('still stopping: looked at again; past the deadline it is contradicted', async () => {
  const w = world({ state: 'stopping' });
  assert.match(await notYetAfter(w.verify()), /has not settled/);
  w.state.now = DEADLINE;
  assert.equal((await w.verify()).result, 'contradicted');
});

test('a rescan is asked for once, however often it is looked at', async () => {
  const w = world();
  w.state.scan = 'running';
  assert.match(await notYetAfter(w.verify()), /rescan is running/);
  assert.match(await notYetAfter(w.verify()), /rescan is running/);
  w.state.scan = 'succeeded';
  assert.equal((await w.verify()).result, 'verified');
  assert.equal(w.state.asked, 1);
});

test('a rescan that never ends is unverified at the deadline, which is not success', async () => {
  const w = world();
  w.state.scan = 'pending';
  w.state.now = DEADLINE;
  assert.deepEqual(await w.verify(), {
    result: 'unverified',
    reasons: ['rescan:deadline'],
    openIssueIds: ['issue-1'],
  });
});

for (const scan of ['failed', 'skipped', 'timed-out'] as const)
  test(`a rescan that ${scan} proves nothing: unverified`, async () => {
    const w = world();
    w.state.scan = scan;
    assert.deepEqual([(await w.verify()).result, (await w.verify()).reasons], ['unverified', [`rescan:${scan}`]]);
  });

test('an asset the scanner does not know cannot be verified by it', async () => {
  const w = world();
  w.state.request = () => {
    throw notFound();
  };
  assert.deepEqual((await w.verify()).reasons, ['rescan:asset-unknown-to-scanner']);
});

test('an issue that stays open is waited for, then unverified', async () => {
  const w = world();
  w.state.after = () => posture(issue('issue-1', 1), issue('issue-2', 1));
  assert.match(await notYetAfter(w.verify()), /1 issue\(s\) not re-evaluated/);
  w.state.now = DEADLINE;
  assert.deepEqual((await w.verify()).reasons, ['issue-still-open']);
});

test('an asset that is gone from the scanner has no issue left', async () => {
  const w = world({ action: 'snapshot-and-terminate-instance', state: 'terminated' });
  w.state.after = () => {
    throw notFound();
  };
  assert.equal((await w.verify()).result, 'verified');
});

test('a scanner that is down is no answer: the look fails and is made again', async () => {
  const w = world();
  w.state.after = () => {
    throw new ProviderError({ kind: 'unavailable', provider: 'wiz', operation: 'posture', message: '503' });
  };
  await assert.rejects(w.verify(), ProviderError);
  assert.deepEqual(w.audit.entries, []);
});

const small = { parameters: { targetInstanceType: 't3.small' } };
const states: readonly (readonly [Plan['action'], CloudFacts | null, string, Partial<Plan>?])[] = [
  ['stop-instance', instanceFacts({ state: 'stopped' }), 'reached'],
  ['stop-instance', instanceFacts({ state: 'stopping' }), 'not-yet'],
  ['stop-instance', instanceFacts({ state: 'terminated' }), 'wrong'],
  ['stop-instance', null, 'wrong'],
  ['snapshot-and-terminate-instance', null, 'reached'],
  ['snapshot-and-terminate-instance', instanceFacts({ state: 'shutting-down' }), 'not-yet'],
  ['snapshot-and-terminate-instance', instanceFacts({ state: 'stopped' }), 'wrong'],
  ['resize-instance', instanceFacts({ instanceType: 't3.small' }), 'reached', small],
  ['resize-instance', instanceFacts({ instanceType: 't3.small', state: 'pending' }), 'not-yet', small],
  ['resize-instance', instanceFacts({ instanceType: 't3.small', state: 'stopped' }), 'wrong', small],
  ['resize-instance', instanceFacts({ instanceType: 'm5.large' }), 'wrong', small],
  ['snapshot-and-delete-volume', null, 'reached'],
  ['snapshot-and-delete-volume', volumeFacts({ state: 'deleting' }), 'not-yet'],
  ['snapshot-and-delete-volume', volumeFacts({ state: 'in-use' }), 'wrong'],
  ['release-address', null, 'reached'],
  ['release-address', addressFacts(), 'wrong'],
  ['delete-load-balancer', null, 'reached'],
  ['delete-load-balancer', loadBalancerFacts(), 'wrong'],
];
for (const [action, facts, expected, change] of states)
  test(`after ${action}, ${facts ? `state ${facts.state}` : 'nothing there'} is ${expected}`, () => {
    assert.equal(expectedState({ ...planFor(action, facts ?? instanceFacts()), ...change }, facts), expected);
  });
