import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findRemediation } from '../../../clients/cli/find-remediation.ts';
import { remediationText } from '../../../clients/cli/remediation-text.ts';
import type { Store } from '../../../ports/store.ts';
import type { RemediationDocument } from '../../../schemas/records.ts';

function remediation(name: string, rule = 'aws-ec2-instance-idle'): RemediationDocument {
  const assetKey = `arn:aws:ec2:us-east-1:111122223333:instance/i-${name}`;
  return {
    remediationId: `remediate/acme/${assetKey}/${rule}`,
    runId: 'run',
    assetKey,
    accountId: '111122223333',
    region: 'us-east-1',
    assetName: name,
    ruleId: rule,
    stage: 'awaiting-decision',
    outcome: null,
    reasons: [],
    riskLevel: 'low',
    environment: 'dev',
    ownerTeam: 'platform',
    monthlySaving: { amount: '28.77', currency: 'USD' },
    action: null,
    approvalId: null,
    ticket: { system: 'servicenow', id: '1', number: `CHG-${name}`, url: 'https://example.com/1' },
    decisionDueAt: '2026-11-24T23:06:00Z',
    startedAt: '2026-11-23T23:06:00Z',
    updatedAt: '2026-11-23T23:06:00Z',
  };
}

const all = [remediation('web'), remediation('db'), remediation('db', 'aws-ec2-instance-stopped-long')];
const store = {
  remediations: { get: async (id: string) => all.find((r) => r.remediationId === id) ?? null, list: async () => all },
} as unknown as Store;

test('a remediation is found by id, name, ARN, resource id and ticket', async () => {
  const [web] = all as [RemediationDocument];
  for (const text of [web.remediationId, 'web', web.assetKey, 'i-web', 'CHG-web'])
    assert.equal((await findRemediation(store, text))?.remediationId, web.remediationId, text);
});

test('part of a name is no name', async () => {
  assert.equal(await findRemediation(store, 'we'), null);
  assert.equal(await findRemediation(store, ''), null);
});

test('an ambiguous word is refused with the candidates', async () => {
  await assert.rejects(findRemediation(store, 'db'), /2 remediations[\s\S]*idle[\s\S]*stopped-long/);
});

test('what is shown to people has no empty line and no raw null', () => {
  const text = remediationText(all[0] as RemediationDocument, null, []);
  assert.match(text, /^web\n {2}asset/);
  assert.match(text, /decide until +2026-11-24 23:06 UTC; silence means no/);
  assert.doesNotMatch(text, /null|undefined|\n\n/);
});
