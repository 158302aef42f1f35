import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAssessActivities } from '../../../activities/assess/assess-risk.ts';
import { evaluateRule } from '../../../domain/detection/evaluate.ts';
import { facetsOf } from '../../../domain/memory/facets.ts';
import { createEmbeddedMemory } from '../../../providers/memory/embedded/index.ts';
import { loadGuidance } from '../../../providers/memory/guidance.ts';
import { createNoMemory } from '../../../providers/memory/none.ts';
import type { MemoryPort } from '../../../ports/memory.ts';
import { createNoModel } from '../../../providers/model/none.ts';
import type { ModelPort, ModelPrompt } from '../../../ports/model.ts';
import type { GuidanceEntry } from '../../../schemas/memory.ts';
import type { CaseDocument } from '../../../schemas/records.ts';
import { memoryAudit, memoryRecords } from '../../helpers/memory-records.ts';
import { instance, NOW, RULES, ruleOf } from '../detection/fixtures.ts';
import { randomPast } from './cases.ts';
import { seeded } from './neighbours.ts';
import { volatileRecords } from './volatile-records.ts';
import { ROLE_KEYS, signedCase } from '../../helpers/signing.ts';

const GUIDANCE = await loadGuidance();

function caseDocument(): CaseDocument {
  const record = instance({ tags: { environment: 'dev', terraform: 'true' } });
  return {
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
  };
}

/** Assesses one case with this memory; `prompts` is what the model was asked. */
async function assess(memory: MemoryPort, answer?: ModelPort['assess']) {
  const { store, cases, evidence } = memoryRecords();
  const audit = memoryAudit();
  cases.set('case-1', signedCase(caseDocument()));
  const prompts: ModelPrompt[] = [];
  const asked: ModelPort = {
    ...createNoModel(),
    assess: (prompt) => {
      prompts.push(prompt);
      return answer ? answer(prompt) : createNoModel().assess(prompt);
    },
  };
  const activities = createAssessActivities({
    store,
    audit,
    memory,
    model: asked,
    rules: RULES,
    signer: ROLE_KEYS.signers['role:assess'],
    verifier: ROLE_KEYS.verifier,
    clock: () => new Date(NOW),
  });
  const result = await activities.assessRisk({
    remediationId: 'remediate/acme/x/y',
    caseId: 'case-1',
    phase: 'automate',
  });
  return { result, risk: cases.get('case-1')?.risk, options: cases.get('case-1')?.options, prompts, audit, evidence };
}

async function memoryOf(guidance: readonly GuidanceEntry[] = []) {
  const records = volatileRecords();
  return { records, memory: await createEmbeddedMemory({ tenant: 'acme', records, guidance }) };
}

const ownFacets = (memory: MemoryPort) => facetsOf(caseDocument(), memory.pseudonym);

describe('an assessment with a memory', () => {
  it('without anything in it is the one without a memory', async () => {
    const [none, empty] = [await assess(createNoMemory()), await assess((await memoryOf()).memory)];
    assert.deepEqual(empty.risk, none.risk);
    assert.deepEqual(empty.result, none.result);
    assert.equal(empty.prompts[0]?.evidenceIds.length, none.prompts[0]?.evidenceIds.length);
  });

  it('is raised by a case like it that went wrong, also when no model is configured, and says why', async () => {
    const { memory } = await memoryOf();
    await memory.remember({
      caseId: 'old',
      facets: ownFacets(memory),
      action: 'stop-instance',
      end: 'rolled-back',
      rejection: null,
      closedOn: '2026-05-01',
    });
    const [before, after] = [await assess(createNoMemory()), await assess(memory)];
    assert.equal((after.risk?.score ?? 0) - (before.risk?.score ?? 0), 10);
    assert.equal(after.risk?.assessor, 'rules');
    assert.equal(after.risk?.modelFailure, 'not-configured');
    assert.ok(after.risk?.reasonCodes.includes('memory:similar-case-went-wrong'));
    assert.ok(after.audit.types().includes('GUARDRAIL_ADJUSTMENT'));
    const kept = [...after.evidence].find(([id]) => id.startsWith('case-1/memory/'))?.[1] as {
      cautions: { id: string }[];
      ranking: { model: string };
    };
    assert.equal(kept.cautions.length, 1);
    assert.equal(kept.ranking.model, 'hashed-ngram');
    assert.match(after.prompts[0]?.user ?? '', /\[past-case-a\] A similar case \(dev instance/);
    assert.ok(after.prompts[0]?.evidenceIds.includes('past-case-a'));
  });

  it('forgets what is older than it remembers', async () => {
    const { memory } = await memoryOf();
    const old = { action: 'stop-instance', end: 'rolled-back', rejection: null } as const;
    await memory.remember({ caseId: 'old', facets: ownFacets(memory), ...old, closedOn: '2025-05-21' });
    assert.equal(
      (await assess(memory)).risk?.reasonCodes.some((code) => code.startsWith('memory:')),
      false,
    );
  });

  it('is never lower, and offers and recommends the same, whatever is added: rules, and a model that always obeys', async () => {
    const random = seeded(21);
    const obeying: ModelPort['assess'] = async (prompt) => ({
      ok: true,
      answer: { riskDelta: 0, reasonCodes: [], questions: [], evidenceIds: prompt.evidenceIds, summary: null },
      exchange: { model: 'm', requestBody: '', rawAnswer: '{}', promptTokens: 1, completionTokens: 1, attempts: 1 },
    });
    for (const answer of [undefined, obeying]) {
      const { records, memory } = await memoryOf();
      const first = await assess(createNoMemory(), answer);
      let score = first.risk?.score ?? 0;
      for (let added = 0; added < 60; added++) {
        const past = randomPast(random, added);
        const { id: _id, kind: _kind, ...entry } = past;
        const facets = random() < 0.3 ? ownFacets(memory) : past.facets;
        await memory.remember({ caseId: `c${added}`, ...entry, facets });
        const now = await assess(memory, answer);
        assert.ok((now.risk?.score ?? 0) >= score, `after ${added + 1} entries`);
        score = now.risk?.score ?? 0;
        assert.equal(now.result.recommended, first.result.recommended);
        assert.deepEqual(
          now.result.options.map((o) => o.optionId),
          first.result.options.map((o) => o.optionId),
        );
        assert.deepEqual(
          now.options?.map((o) => o.riskOfActing),
          first.options?.map((o) => o.riskOfActing),
        );
        assert.ok(
          now.risk?.confidence === first.risk?.confidence && now.risk?.exposureScore === first.risk?.exposureScore,
        );
      }
      assert.ok(score > (first.risk?.score ?? 0), 'some of it had an effect, so the test could have failed');
      assert.equal(records.rows.size, 60);
    }
  });

  it('tells the model of guidance that applies, and asks its questions without one', async () => {
    const { memory } = await memoryOf(GUIDANCE);
    const { prompts, risk } = await assess(memory);
    assert.match(prompts[0]?.user ?? '', /^Guidance and past cases by id.*\n- \[(guide|policy)-/);
    assert.ok(prompts[0]?.evidenceIds.some((id) => id.startsWith('guide-')));
    assert.ok((risk?.questions.length ?? 0) > 0);
  });

  it('fails when the records cannot be read: a lost caution is not taken for none', async () => {
    const { memory } = await memoryOf();
    const down = { ...memory, recall: () => Promise.reject(new Error('the database is down')) };
    await assert.rejects(assess(down), /database is down/);
  });
});
