import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CloseInput } from '../../../activities/contracts.ts';
import { rememberEnd, rememberSaving } from '../../../activities/notify/remember.ts';
import { remediationTrail } from '../../../activities/shared/trail.ts';
import { createKeeper } from '../../../providers/memory/embedded/keeper.ts';
import { CANARIES, CANARY_STRINGS } from '../../../sandbox/estate/canaries.ts';
import { Outcome } from '../../../schemas/outcome.ts';
import type { CaseDocument, RemediationDocument } from '../../../schemas/records.ts';
import { memoryAudit, memoryRecords } from '../../helpers/memory-records.ts';
import { planted } from './planted.ts';
import { volatileRecords } from './volatile-records.ts';

const NOW = new Date('2026-05-22T12:00:00.000Z');

async function closing() {
  const kept = volatileRecords();
  const { store, cases, remediations } = memoryRecords();
  const audit = memoryAudit();
  const read: typeof store.remediations.get = async (id) =>
    (remediations.get(id) as RemediationDocument | undefined) ?? null;
  Object.assign(store.remediations, { get: read });
  const { record, verdict } = planted();
  const document: CaseDocument = {
    caseId: 'case-1',
    remediationId: 'r-1',
    round: 1,
    record,
    environment: 'dev',
    owner: { subject: CANARIES.ownerEmail, team: CANARIES.supportGroup, source: 'cmdb' },
    verdict,
    risk: null,
    options: [],
    recommended: 'stop-instance',
    createdAt: NOW.toISOString(),
  };
  cases.set('case-1', document);
  remediations.set('r-1', { remediationId: 'r-1', action: 'stop-instance' });
  const memory = await createKeeper({ tenant: 'acme', records: kept });
  const deps = { store, memory, clock: () => NOW };
  const trail = remediationTrail(audit, 'r-1', deps.clock);
  const { assetKey, accountId, region, resourceType, resourceId } = record.asset;
  const end = (over: Partial<CloseInput>) =>
    rememberEnd(deps, trail, {
      remediationId: 'r-1',
      runId: 'run-1',
      caseId: 'case-1',
      approvalId: 'a-1',
      asset: {
        provider: 'aws',
        assetKey,
        accountId,
        region,
        resourceType,
        resourceId,
        name: CANARIES.assetName,
        vendorId: 'v',
      },
      ruleId: verdict.ruleId,
      outcome: 'remediated',
      action: 'stop-instance',
      decidedBy: ['Ana'],
      reasons: [],
      openIssueIds: [],
      ...over,
    });
  return { kept, audit, deps, trail, end, cases };
}

describe('what a closed case leaves in the memory', () => {
  it('is nothing for an end that proves nothing', async () => {
    const w = await closing();
    const proving = new Set(['remediated', 'rejected', 'active-again', 'rolled-back']);
    for (const outcome of Outcome.options.filter((o) => !proving.has(o))) await w.end({ outcome });
    await w.end({ outcome: 'remediated', caseId: null });
    assert.equal(w.kept.rows.size, 0);
    assert.deepEqual(w.audit.types(), []);
  });

  it('is one entry for a verified end, however often it is closed, and the trail names it', async () => {
    const w = await closing();
    await w.end({});
    await w.end({});
    assert.equal(w.kept.rows.size, 1);
    const [row] = w.kept.rows.values();
    assert.equal(row?.past?.end, 'remediated');
    assert.equal(row?.expiresOn?.toISOString(), '2027-05-22T00:00:00.000Z');
    assert.deepEqual(w.audit.types(), ['FEEDBACK']);
    assert.equal(w.audit.entries[0]?.payload['memoryId'], row?.id);
  });

  it('is a code for a rejection, and not the words', async () => {
    const w = await closing();
    await w.end({ outcome: 'rejected', action: null, reasons: [`Month-end batch of ${CANARIES.dependent}, ask Ana`] });
    const [row] = w.kept.rows.values();
    assert.equal(row?.kind, 'rejection');
    assert.equal(row?.past?.rejection, 'needed-periodically');
    assert.doesNotMatch(JSON.stringify([...w.kept.rows.values(), ...w.audit.entries]), /Ana|batch of/);
  });

  it('holds no canary, id, name or amount, whatever the end', async () => {
    const w = await closing();
    for (const outcome of ['remediated', 'rolled-back', 'active-again', 'rejected'] as const) {
      await w.end({ outcome, reasons: [`because of ${CANARIES.findingTitle}`] });
      const text = JSON.stringify([...w.kept.rows.values()].map((row) => ({ ...row, embedded: null })));
      assert.ok(text.includes(outcome === 'rejected' ? 'rejection' : outcome), 'it was written');
      for (const word of [...CANARY_STRINGS, '111122223333', 'i-0a1b2c3d4e5f60718', 'case-1', 'r-1', 'm5.2xlarge'])
        assert.ok(!text.includes(word), word);
    }
    assert.equal(w.kept.rows.size, 1, 'the last end stands');
  });

  it('is corrected by the bill', async () => {
    const w = await closing();
    await w.end({});
    const saving = (result: 'verified' | 'contradicted') =>
      rememberSaving(w.deps, w.trail, {
        remediationId: 'r-1',
        caseId: 'case-1',
        saving: { result, realisedMonthly: null },
      });
    await saving('verified');
    assert.equal([...w.kept.rows.values()][0]?.past?.end, 'remediated');
    await saving('contradicted');
    assert.equal([...w.kept.rows.values()][0]?.past?.end, 'saving-contradicted');
    assert.equal([...w.kept.rows.values()][0]?.past?.action, 'stop-instance');
  });

  it('is left out, and said to be, when the memory has no words for the asset: the case closes all the same', async () => {
    const w = await closing();
    const document = w.cases.get('case-1');
    assert.ok(document);
    w.cases.set('case-1', { ...document, verdict: { ...document.verdict, ruleId: 'rule-for-111122223333' } });
    await w.end({});
    assert.equal(w.kept.rows.size, 0);
    assert.match(String(w.audit.entries[0]?.payload['refused']), /account-id/);
  });
});
