import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { MongoClient } from 'mongodb';
import { isProviderError } from '../../../ports/errors.ts';
import { createMongoStore } from '../../../providers/store/mongodb/create-mongo-store.ts';
import { STORE_INDEXES } from '../../../providers/store/mongodb/indexes.ts';
import type { Claim, Store } from '../../../ports/store.ts';
import { startMongo } from '../../helpers/servers.ts';
import { approval, asset, decision, ledger, opportunity, plan, remediation, T0 } from './records.ts';

let server: Awaited<ReturnType<typeof startMongo>>;
let store: Store;
let raw: MongoClient;
let clock = Date.parse(T0);

before(async () => {
  server = await startMongo();
  store = await createMongoStore({ uri: server.uri, database: 'contract', now: () => clock });
  raw = await new MongoClient(server.uri).connect();
});
after(async () => {
  await raw?.close();
  await store?.close();
  await server?.stop();
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test('opening a second time finds the indexes already there, and every declared one exists', async () => {
  const again = await createMongoStore({ uri: server.uri, database: 'contract' });
  assert.match(await again.check(), /^MongoDB \d+\.\d+.*database contract$/);
  await again.close();
  for (const [name, wanted] of Object.entries(STORE_INDEXES)) {
    const found = (await raw.db('contract').collection(name).indexes()).map((index) => index.name);
    for (const index of wanted) assert.ok(found.includes(index.name as string), `${name} lacks ${index.name}`);
  }
});

test('hostile tag keys and values come back exactly and never act as operators', async () => {
  const tags: Record<string, string> = JSON.parse(
    '{"$where":"sleep(1)","a.b":"dot","":"empty","50%":"x","%24":"y","constructor":"c","café":"é"}',
  );
  const hostile = asset('i-hostile', { tags });
  await store.assets.upsertMany([hostile]);
  const back = await store.assets.get(hostile.asset.assetKey);
  assert.deepEqual(back?.asset.tags, tags);
  assert.equal(Object.getPrototypeOf(back?.asset.tags), Object.prototype);
});

test('an operator object in place of an id is refused, not matched', async () => {
  const trick = { $gt: '' } as unknown as string;
  const refusal = (error: unknown) => isProviderError(error, 'terminal') && /must be text/.test(error.message);
  await assert.rejects(store.assets.get(trick), refusal);
  await assert.rejects(store.approvals.get(trick), refusal);
  await assert.rejects(store.approvals.transition(trick, 'open', 'decided'), refusal);
  await assert.rejects(store.cache.claim(trick, T0), refusal);
  await assert.rejects(store.ledger.live([trick], T0), refusal);
  await assert.rejects(store.budgets.reserve({ reservationId: trick, scopes: [], at: T0 }), refusal);
});

test('assets are listed in key order across pages, filtered by account and sweep', async () => {
  const many = Array.from({ length: 450 }, (_, i) =>
    asset(`i-${String(449 - i).padStart(4, '0')}`, { sweepId: 'big' }),
  );
  await store.assets.upsertMany([...many, asset('i-other', { accountId: '222222222222', sweepId: 'big' })]);
  await store.assets.upsertMany(many);
  const keys = (await collect(store.assets.list({ sweepId: 'big' }))).map((d) => d.asset.assetKey);
  assert.equal(keys.length, 451);
  assert.deepEqual(keys, [...keys].sort());
  assert.equal((await collect(store.assets.list({ accountId: '222222222222', region: 'eu-west-1' }))).length, 1);
});

test('a malformed document is refused with its field named', async () => {
  await raw
    .db('contract')
    .collection<{ _id: string }>('remediations')
    .insertOne({ _id: 'bad', stage: 'nowhere' } as never);
  await assert.rejects(
    store.remediations.get('bad'),
    (error) => isProviderError(error, 'malformed') && /field \w+/.test(error.message) && /"bad"/.test(error.message),
  );
  await raw.db('contract').collection<{ _id: string }>('remediations').deleteOne({ _id: 'bad' });
});

test('opportunities come highest priority first, amounts as the very same text', async () => {
  await store.opportunities.upsertMany([opportunity('o1', { priority: 1 }), opportunity('o2', { priority: 9.5 })]);
  await store.opportunities.upsertMany([opportunity('o3', { priority: 5, sweepId: 's2' })]);
  const ranked = await store.opportunities.ranked({ limit: 2 });
  assert.deepEqual(
    ranked.map((o) => o.opportunityId),
    ['o2', 'o3'],
  );
  assert.equal(ranked[0]?.monthlySaving?.amount, '0.1000000000000000055511151231257827');
  assert.deepEqual(
    (await store.opportunities.ranked({ sweepId: 's1', limit: 9 })).map((o) => o.opportunityId),
    ['o2', 'o1'],
  );
});

test('a plan is write-once: equal again is fine, different is refused, and the first one stays', async () => {
  await store.cases.putPlan('digest-1', plan());
  await store.cases.putPlan('digest-1', plan());
  await assert.rejects(store.cases.putPlan('digest-1', plan({ action: 'stop-instance' })), (e) =>
    isProviderError(e, 'terminal'),
  );
  assert.deepEqual(await store.cases.getPlan('digest-1'), plan());
  assert.equal(await store.cases.getPlan('digest-2'), null);
});

test('a tag called __proto__ neither survives nor reaches a prototype', async () => {
  const hostile = asset('i-proto', { tags: JSON.parse('{"__proto__":"p","Name":"n"}') });
  await store.assets.upsertMany([hostile]);
  const tags = (await store.assets.get(hostile.asset.assetKey))?.asset.tags ?? {};
  assert.deepEqual(Object.keys(tags), ['Name']);
  assert.equal(Object.getPrototypeOf(tags), Object.prototype);
  const body = JSON.parse('{"__proto__":{"polluted":true},"x":1}');
  await store.cases.putEvidence('e-proto', body);
  assert.equal(JSON.stringify(await store.cases.getEvidence('e-proto')), '{"__proto__":{"polluted":true},"x":1}');
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
});

test('evidence bodies come back as they were put, whatever their keys', async () => {
  const body = { 'aws:ec2.$x': [{ '': 1 }, null, { nested: { '$set.a': 'v' } }], n: 0.1, t: true };
  await store.cases.putEvidence('e1', body);
  assert.deepEqual(await store.cases.getEvidence('e1'), body);
  assert.equal(await store.cases.getEvidence('e2'), null);
});

test('an approval request is write-once, also after it was posted and decided', async () => {
  await store.approvals.create(approval('a1'));
  await store.approvals.attach('a1', { chat: { channel: 'C1', messageTs: '1.2' }, ticketId: 'CHG1' });
  await store.approvals.create(approval('a1'));
  const stored = await store.approvals.get('a1');
  assert.deepEqual(stored?.chat, { channel: 'C1', messageTs: '1.2' });
  assert.equal(stored?.ticketId, 'CHG1');
  await assert.rejects(store.approvals.create(approval('a1', { riskScore: 1 })), (e) => isProviderError(e, 'terminal'));
  await assert.rejects(store.approvals.attach('none', { ticketId: 'x' }), (e) => isProviderError(e, 'not-found'));
});

test('of many racing transitions exactly one wins', async () => {
  await store.approvals.create(approval('a-race'));
  assert.ok((await store.approvals.open()).some((a) => a.approvalId === 'a-race'));
  const wins = await Promise.all(
    Array.from({ length: 20 }, (_, i) => store.approvals.transition('a-race', 'open', i % 2 ? 'decided' : 'expired')),
  );
  assert.equal(wins.filter(Boolean).length, 1);
  assert.ok(!(await store.approvals.open()).some((a) => a.approvalId === 'a-race'));
});

test('five clicks of one person count once, two people count twice', async () => {
  const clicks = await Promise.all(
    Array.from({ length: 5 }, (_, i) => store.approvals.recordDecision(decision(`d-${i}`, { approvalId: 'a-clicks' }))),
  );
  assert.equal(clicks.filter((r) => r === 'recorded').length, 1);
  const same = decision('d-same', { approvalId: 'a-clicks', subject: 'bob@example.com' });
  assert.equal(await store.approvals.recordDecision(same), 'recorded');
  assert.equal(await store.approvals.recordDecision(same), 'duplicate');
  const shouting = decision('d-shout', { approvalId: 'a-clicks', subject: 'BOB@example.com' });
  assert.equal(await store.approvals.recordDecision(shouting), 'duplicate');
  const rejection = { kind: 'reject', optionId: null, planDigest: null, reason: 'no', approvalId: 'a-clicks' } as const;
  assert.equal(await store.approvals.recordDecision(decision('d-r1', rejection)), 'recorded');
  assert.equal(await store.approvals.recordDecision(decision('d-r2', rejection)), 'duplicate');
  const kept = await store.approvals.decisionsOn('a-clicks');
  assert.deepEqual(
    kept.map((d) => `${d.actor.subject} ${d.kind}`),
    ['ann@example.com approve', 'bob@example.com approve', 'ann@example.com reject'],
  );
});

test('the ledger knows what still binds, prefers what binds longest, and ignores late older writes', async () => {
  await store.ledger.put(ledger({ assetKey: 'k1', until: '2026-03-10T00:00:00Z' }));
  await store.ledger.put(ledger({ assetKey: 'k1', ruleId: 'other', kind: 'exempt', until: null }));
  await store.ledger.put(ledger({ assetKey: 'k2', until: '2026-03-01T00:00:00Z' }));
  await store.ledger.put(ledger({ assetKey: 'k3', kind: 'rejected', at: '2026-03-05T00:00:00Z' }));
  await store.ledger.put(ledger({ assetKey: 'k3', kind: 'open', at: '2026-03-04T00:00:00Z' }));
  const live = await store.ledger.live(['k1', 'k2', 'k3', 'k4'], '2026-03-02T00:00:00Z');
  assert.deepEqual([...live].map(([k, e]) => `${k} ${e.kind}`).sort(), ['k1 exempt', 'k3 rejected']);
});

test('a remediation is filled in step by step and listed newest first', async () => {
  await store.remediations.upsert(remediation('r-1'));
  await store.remediations.upsert({ remediationId: 'r-1', stage: 'closed', outcome: 'remediated' });
  await store.remediations.upsert(remediation('r-2', { updatedAt: '2026-03-03T00:00:00.000Z' }));
  assert.equal((await store.remediations.get('r-1'))?.outcome, 'remediated');
  assert.deepEqual(
    (await store.remediations.list()).map((r) => r.remediationId),
    ['r-2', 'r-1'],
  );
  assert.deepEqual(
    (await store.remediations.list({ stage: 'closed', limit: 5 })).map((r) => r.remediationId),
    ['r-1'],
  );
});

test('the kill switch is off until set; the most specific phase override counts', async () => {
  assert.deepEqual(await store.settings.killSwitch(), { on: false, by: null, at: null });
  await store.settings.setKillSwitch({ on: true, by: 'ann@example.com', at: T0 });
  assert.equal((await store.settings.killSwitch()).on, true);
  assert.equal(await store.settings.phase('111111111111', 'eu-west-1'), null);
  const entry = { accountId: '111111111111', by: 'ann', at: T0 };
  await store.settings.setPhase({ ...entry, region: null, phase: 'approve' });
  await store.settings.setPhase({ ...entry, region: 'eu-west-1', phase: 'observe' });
  assert.equal(await store.settings.phase('111111111111', 'eu-west-1'), 'observe');
  assert.equal(await store.settings.phase('111111111111', 'us-east-1'), 'approve');
});

test('a page of a sweep counted twice counts once', async () => {
  const counts = { scanned: 10, idle: 2, active: 7, undetermined: 1, excluded: 0 };
  const rest = { skippedByLedger: 0, started: 1, quarantined: 0, gone: 0, failedPages: 0 };
  assert.equal(await store.sweeps.totals('sw'), null);
  await store.sweeps.begin('sw-old', '2026-03-01T00:00:00Z');
  await store.sweeps.begin('sw', '2026-03-02T00:00:00Z');
  await store.sweeps.begin('sw', '2026-03-09T00:00:00Z');
  for (const page of [1, 1, 2]) await store.sweeps.addCounts('sw', 'a/r', page, { ...counts, ...rest });
  await store.sweeps.addCounts('sw', 'a/r2', 1, { ...counts, ...rest });
  assert.equal((await store.sweeps.totals('sw'))?.scanned, 30);
  const last = { sweepId: 'sw', startedAt: '2026-03-02T00:00:00Z' };
  assert.deepEqual(await store.sweeps.latest(), last);
  assert.deepEqual(await store.sweeps.recent(1), [last]);
  assert.deepEqual(
    (await store.sweeps.recent(5)).map(({ sweepId }) => sweepId),
    ['sw', 'sw-old'],
  );
});

test('the same defect met twice is quarantined once', async () => {
  const entry = {
    sweepId: 'sw',
    source: 'wiz',
    rowId: 'x',
    operation: null,
    field: 'arn',
    found: 'half \ud800',
    fix: 'f',
    at: T0,
  };
  assert.equal(await store.sweeps.quarantine([entry, { ...entry, rowId: null }], 'a/r/1'), 2);
  const again = [{ ...entry, at: '2026-03-03T00:00:00Z' }];
  assert.equal(await store.sweeps.quarantine(again, 'a/r/2'), 0, 'counted by the page that met it first');
  assert.equal(await store.sweeps.quarantine([entry, { ...entry, rowId: null }], 'a/r/1'), 2, 'a page tried again');
  assert.equal((await store.sweeps.quarantined('sw')).length, 2);
});

const states = (claims: readonly Claim[]) => claims.map((c) => c.state).toSorted();
const take = (name: string, ms = 60_000) => store.cache.claim(name, new Date(clock + ms).toISOString());
const twenty = (name: string) => Promise.all(Array.from({ length: 20 }, () => take(name)));
const one = (state: Claim['state']) => [...Array.from({ length: 19 }, () => state), 'taken'].toSorted();
function taken(claims: readonly Claim[]): Claim & { state: 'taken' } {
  const [claim] = claims.filter((c) => c.state === 'taken');
  assert.ok(claim?.state === 'taken');
  return claim;
}

test('a claim is held by one taker; done, it stays so for as long as it is remembered', async () => {
  const first = await twenty('nonce');
  assert.deepEqual(states(first), one('running'));
  await taken(first).done(new Date(clock + 600_000).toISOString());
  assert.deepEqual(new Set(states(await twenty('nonce'))), new Set(['done']));
  clock += 500_000;
  assert.equal((await take('nonce')).state, 'done');
  clock += 100_001;
  assert.deepEqual(states(await twenty('nonce')), one('running'), 'and is forgotten afterwards');
});

test('what was given back, or whose taker died, is taken again, once; a late taker ends nothing', async () => {
  await taken(await twenty('given-back')).release();
  assert.deepEqual(states(await twenty('given-back')), one('running'));

  const dead = taken(await twenty('died'));
  clock += 60_001;
  const next = await twenty('died');
  assert.deepEqual(states(next), one('running'));
  await dead.release();
  await dead.done(new Date(clock + 600_000).toISOString());
  assert.equal((await take('died')).state, 'running', 'the one who holds it now still does');
  await taken(next).done(new Date(clock + 600_000).toISOString());
  assert.equal((await take('died')).state, 'done');
});

test('a cached value is gone after its time', async () => {
  await store.cache.put('cost', { 'a.b': ['1.10'], $x: null }, new Date(clock + 60_000).toISOString());
  assert.deepEqual(await store.cache.get('cost'), { 'a.b': ['1.10'], $x: null });
  clock += 60_001;
  assert.equal(await store.cache.get('cost'), null);
});
