import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rejectionCode } from '../../../domain/memory/rejection.ts';
import { verifiedEnd } from '../../../domain/memory/verified-end.ts';
import { Outcome } from '../../../schemas/outcome.ts';

describe('why people said no, as a code', () => {
  const said: readonly (readonly [string, string])[] = [
    ['month-end batch', 'needed-periodically'],
    ['We need it once a quarter for the closing run.', 'needed-periodically'],
    ['This is the DR site of the ledger', 'standby-or-failover'],
    ['Warm standby, do not touch', 'standby-or-failover'],
    ['Under legal hold until the case is closed', 'legal-hold'],
    ['the license is bound to this MAC address', 'licence-or-identity-bound'],
    ['there is no backup of this', 'data-not-backed-up'],
    ['Not my machine, belongs to the payments people', 'wrong-owner'],
    ['this is actually production', 'wrong-environment'],
    ['Terraform will only recreate it', 'managed-elsewhere'],
    ['We migrate it next sprint anyway', 'planned-anyway'],
    ['still used by three customers', 'in-use'],
    ['ＭＯＮＴＨ－end', 'needed-periodically'],
    ['no', 'other'],
    ['', 'other'],
    ['\u0000🙂'.repeat(400), 'other'],
  ];
  for (const [reason, code] of said)
    it(`${JSON.stringify(reason.slice(0, 40))} is ${code}`, () => assert.equal(rejectionCode(reason), code));
});

describe('what an outcome proves', () => {
  const acted = { action: 'stop-instance', reasons: [] as string[] } as const;
  it('is nothing unless it was verified', () => {
    const proved = Outcome.options.filter((outcome) => verifiedEnd(outcome, acted) !== null);
    assert.deepEqual(proved, ['remediated', 'rejected', 'active-again', 'rolled-back']);
  });
  it('takes a change that somebody called off for no verdict on the change', () => {
    assert.equal(verifiedEnd('rolled-back', { ...acted, reasons: ['withdrawn by Ana'] }), null);
    assert.equal(verifiedEnd('rolled-back', { ...acted, reasons: ['preflight:x'] }), 'rolled-back');
  });
  it('takes what needs a person for a contradiction only where the cloud said so', () => {
    assert.equal(verifiedEnd('needs-human', { ...acted, reasons: ['cloud-state:running'] }), 'contradicted');
    assert.equal(verifiedEnd('needs-human', { ...acted, reasons: ['the database is down'] }), null);
    assert.equal(verifiedEnd('needs-human', { action: null, reasons: ['cloud-state:running'] }), null);
  });
});
