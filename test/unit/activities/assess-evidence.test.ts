import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAssessActivities } from '../../../activities/assess/assess-risk.ts';
import { evaluateRule } from '../../../domain/detection/evaluate.ts';
import type { ModelPort } from '../../../ports/model.ts';
import { createNoMemory } from '../../../providers/memory/none.ts';
import { createNoModel } from '../../../providers/model/none.ts';
import { digestOf, sha256 } from '../../../schemas/digest.ts';
import { memoryAudit, memoryRecords } from '../../helpers/memory-records.ts';
import { instance, NOW, RULES, ruleOf } from '../detection/fixtures.ts';
import { ROLE_KEYS, signedCase } from '../../helpers/signing.ts';

test('an assessment that is made again keeps what the first one asked, and the trail names the digest of each', async () => {
  const { store, cases, evidence } = memoryRecords();
  const audit = memoryAudit();
  const record = instance({ tags: { environment: 'dev' } });
  cases.set(
    'case-1',
    signedCase({
      caseId: 'case-1',
      remediationId: 'remediate/acme/x/y',
      round: 1,
      record,
      environment: 'dev',
      owner: { subject: 'ana@acme.example', team: 'web', source: 'tag' },
      verdict: evaluateRule(ruleOf('instance-idle'), record, NOW),
      risk: null,
      options: [],
      recommended: null,
      createdAt: NOW,
    }),
  );
  const sent: string[] = [];
  const model: ModelPort = {
    ...createNoModel(),
    async assess(prompt) {
      sent.push(prompt.user);
      const requestBody = JSON.stringify({ messages: [prompt.user] });
      const exchange = {
        model: 'm',
        requestBody,
        rawAnswer: `{"n":${sent.length}}`,
        promptTokens: 1,
        completionTokens: 1,
      };
      return {
        ok: true,
        answer: { riskDelta: 0, reasonCodes: [], questions: [], evidenceIds: [], summary: null },
        exchange: { ...exchange, attempts: 1 },
      };
    },
  };
  const activities = createAssessActivities({
    store,
    audit,
    model,
    memory: createNoMemory(),
    rules: RULES,
    signer: ROLE_KEYS.signers['role:assess'],
    verifier: ROLE_KEYS.verifier,
    clock: () => new Date(NOW),
  });
  const again = () =>
    activities.assessRisk({ remediationId: 'remediate/acme/x/y', caseId: 'case-1', phase: 'approve' });
  await again();
  await again();
  assert.equal(new Set(sent).size, 2, 'each attempt has a mark of its own');

  const prompts = audit.entries.filter((e) => e.type === 'PROMPT');
  assert.equal(prompts.length, 2);
  for (const [i, { payload }] of prompts.entries()) {
    assert.equal(payload['promptDigest'], sha256(sent[i] ?? ''));
    const body = evidence.get(String(payload['evidenceId']));
    assert.equal(digestOf(body), payload['evidenceDigest']);
    assert.ok(String(body?.['requestBody']).includes(JSON.stringify(sent[i]).slice(1, -1)));
  }
});
