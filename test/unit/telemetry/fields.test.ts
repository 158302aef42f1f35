import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasFields, pickFields } from '../../../activities/telemetry/shape/fields.ts';
import { AuditEventType } from '../../../schemas/audit.ts';

test('only named fields leave, and only when they look like what they should be', () => {
  const picked = pickFields('OUTCOME', {
    outcome: 'remediated',
    action: 'stop-instance',
    decidedBy: ['Ana Silva'],
    reasons: ['verified:stopped', 'we need this every week', 'policy:forbid-open-incident', 42, 'x-'.repeat(80)],
  });
  assert.deepEqual(picked, {
    outcome: 'remediated',
    action: 'stop-instance',
    reasons: ['verified:stopped', 'policy:forbid-open-incident'],
  });
});

test('free text in the place of a code does not leave', () => {
  assert.deepEqual(pickFields('SECURITY', { reason: 'somebody tried hunter2 twice' }), {});
  assert.deepEqual(pickFields('OUTCOME', { outcome: 'done with it', action: null, reasons: 'verified:stopped' }), {});
  assert.deepEqual(pickFields('PLAN', { planDigest: 'not a digest', requiredApprovals: 1.5 }), {});
  assert.deepEqual(pickFields('POLICY_DECISION', { allow: 'true' }), {});
});

test('amounts stay decimal text, and need their form', () => {
  const saving = (amount: unknown, currency: unknown) =>
    pickFields('FEEDBACK', { result: 'verified', realisedMonthly: { amount, currency } });
  assert.deepEqual(saving('0.1000', 'EUR'), { result: 'verified', saving_monthly: '0.1', saving_currency: 'EUR' });
  assert.deepEqual(saving('123456789012345.0123456789', 'USD')['saving_monthly'], '123456789012345.0123456789');
  for (const bad of ['1e9', '12,5', 61.2, '', '9'.repeat(40)])
    assert.equal(saving(bad, 'USD')['saving_monthly'], undefined);
  assert.equal(saving('1', 'dollars')['saving_currency'], undefined);
});

test('prompts, answers, evidence, findings and cost rows have no way out of any event', () => {
  const body = 'canary body';
  const deep = { text: body, list: [body], inner: { text: body } };
  const everything = Object.fromEntries(
    [
      'prompt',
      'answer',
      'summary',
      'questions',
      'evidence',
      'record',
      'facts',
      'findings',
      'cost',
      'rows',
      'sources',
    ].flatMap((name) => [
      [name, body],
      [`${name}List`, [body]],
      [`${name}Deep`, deep],
    ]),
  );
  for (const type of AuditEventType.options) {
    const picked = pickFields(type, { ...everything, verdict: deep, realisedMonthly: deep, actor: deep });
    assert.ok(!JSON.stringify(picked).includes(body), type);
  }
});

test('what is no payload, and types nobody knows, give nothing', () => {
  for (const payload of [null, undefined, 'text', 7, [], [['outcome', 'x']]])
    assert.deepEqual(pickFields('OUTCOME', payload), {});
  assert.deepEqual(pickFields('SOMETHING_NEW', { outcome: 'x' }), {});
  assert.deepEqual(pickFields('constructor', { outcome: 'x' }), {});
  assert.equal(hasFields('toString'), false);
});
