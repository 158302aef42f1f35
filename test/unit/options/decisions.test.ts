import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { oneClickAllowed, requiredApprovals } from '../../../domain/approvals.ts';
import { type AutomationQuestion, automationDecision } from '../../../domain/automation.ts';
import { bindingEntry, ledgerBinds } from '../../../domain/ledger.ts';
import { effectivePhase } from '../../../domain/phase.ts';
import { priorityOf } from '../../../domain/priority.ts';
import type { Environment } from '../../../schemas/asset.ts';
import type { LedgerEntry } from '../../../schemas/records.ts';

const stop = { optionId: 'stop-instance', reversibility: 'reversible', riskOfActing: 2 } as const;
const remove = { optionId: 'release-address', reversibility: 'irreversible', riskOfActing: 30 } as const;
const risk = (level: 'low' | 'medium' | 'high' | 'critical', vetoed = false) => ({ level, vetoed });

const known = (environment: Environment) => ({ environment, tagSetters: { known: true } });

describe('approvals', () => {
  it('two for production, an unknown environment, high risk or a veto; else one', () => {
    const need = (e: Environment, r = risk('low'), o: Parameters<typeof requiredApprovals>[2] = stop) =>
      requiredApprovals(known(e), r, o);
    for (const e of ['dev', 'sandbox', 'test', 'staging'] as const) assert.equal(need(e), 1);
    for (const e of ['prod', 'unknown'] as const) assert.equal(need(e), 2);
    assert.equal(need('dev', risk('medium')), 1);
    for (const level of ['high', 'critical'] as const) assert.equal(need('dev', risk(level)), 2);
    assert.equal(need('dev', risk('low', true)), 2);
    assert.equal(need('dev', risk('low'), { ...remove, riskOfActing: 46 }), 2);
    assert.equal(need('dev', risk('low'), { ...remove, riskOfActing: 45 }), 1);
  });
  it('two where nobody can say who set the tags', () => {
    for (const tagSetters of [{ known: false }, null, undefined])
      assert.equal(requiredApprovals({ environment: 'dev', tagSetters }, risk('low'), stop), 2);
    assert.equal(oneClickAllowed({ environment: 'dev', tagSetters: { known: false } }, risk('low'), stop), false);
  });
  it('one click for a stop at low risk outside production, for nothing else', () => {
    assert.equal(oneClickAllowed(known('staging'), risk('low'), stop), true);
    assert.equal(oneClickAllowed(known('prod'), risk('low'), stop), false);
    assert.equal(oneClickAllowed(known('staging'), risk('medium'), stop), false);
    assert.equal(oneClickAllowed(known('staging'), risk('low', true), stop), false);
    assert.equal(oneClickAllowed(known('staging'), risk('low'), { ...stop, riskOfActing: 21 }), false);
    assert.equal(oneClickAllowed(known('staging'), risk('low'), { ...stop, optionId: 'resize-instance' }), false);
  });
});

const fine: AutomationQuestion = {
  phase: 'automate',
  environment: 'dev',
  risk: { score: 20, vetoed: false, assessor: 'rules+model', modelFailure: null, reasonCodes: [], confidence: 95 },
  option: {
    reversibility: 'reversible',
    riskOfActing: 20,
    blockers: [],
    monthlySaving: { amount: '1', currency: 'USD' },
    savingBasis: 'billed',
  },
};

describe('automation', () => {
  it('is allowed exactly at its limits', () => {
    assert.deepEqual(automationDecision(fine), { allowed: true, reasons: [] });
    assert.equal(automationDecision({ ...fine, environment: 'sandbox' }).allowed, true);
  });
  for (const [name, change, reason] of [
    ['phase approve', { phase: 'approve' }, 'phase-approve'],
    ['phase observe', { phase: 'observe' }, 'phase-observe'],
    ['staging', { environment: 'staging' }, 'environment-staging'],
    ['unknown environment', { environment: 'unknown' }, 'environment-unknown'],
    ['risk 21', { risk: { ...fine.risk, score: 21 } }, 'risk-above-low'],
    ['risk not a number', { risk: { ...fine.risk, score: Number.NaN } }, 'risk-above-low'],
    ['confidence 94', { risk: { ...fine.risk, confidence: 94 } }, 'confidence-below-95'],
    ['veto', { risk: { ...fine.risk, vetoed: true } }, 'model-veto'],
    ['a failed model', { risk: { ...fine.risk, assessor: 'rules', modelFailure: 'timeout' } }, 'model-failed:timeout'],
    ['a suspected injection', { risk: { ...fine.risk, reasonCodes: ['INJECTION_SUSPECTED'] } }, 'injection-suspected'],
    ['no option', { option: null }, 'no-option'],
    ['a destructive option', { option: { ...fine.option, reversibility: 'restorable' } }, 'option-restorable'],
    ['a risky option', { option: { ...fine.option, riskOfActing: 21 } }, 'option-risk-above-low'],
    ['a blocker', { option: { ...fine.option, blockers: ['spot'] } }, 'blocked:spot'],
    ['what may be evidence', { risk: { ...fine.risk, reasonCodes: ['evidence-first'] } }, 'evidence-first'],
    ['a list price', { option: { ...fine.option, savingBasis: 'list-price' } }, 'saving-not-billed'],
    ['a saving from nowhere', { option: { ...fine.option, savingBasis: null } }, 'saving-not-billed'],
    ['an unknown saving', { option: { ...fine.option, monthlySaving: null } }, 'saving-unknown'],
  ] as const)
    it(`${name} forbids it`, () => {
      assert.deepEqual(automationDecision({ ...fine, ...change } as AutomationQuestion), {
        allowed: false,
        reasons: [reason],
      });
    });
  it('names every reason at once', () => {
    assert.equal(
      automationDecision({ ...fine, phase: 'observe', environment: 'prod', option: null }).reasons.length,
      3,
    );
  });
});

describe('the priority', () => {
  const q = { monthlySaving: { amount: '100', currency: 'USD' }, exposureScore: 0, confidence: 100, riskOfActing: 0 };
  it('grows with saving, exposure and confidence, shrinks with the risk of acting', () => {
    assert.equal(priorityOf(q), 100);
    assert.equal(priorityOf({ ...q, exposureScore: 100 }), 300);
    assert.equal(priorityOf({ ...q, confidence: 50 }), 50);
    assert.equal(priorityOf({ ...q, riskOfActing: 100 }), 33.33);
  });
  it('an unknown saving still ranks by danger', () => {
    const free = { ...q, monthlySaving: null };
    assert.ok(priorityOf({ ...free, exposureScore: 80 }) > priorityOf(free));
    assert.ok(priorityOf(free) > 0);
  });
});

describe('the phase', () => {
  const accounts = [
    { accountId: '111122223333', phase: 'approve', phaseByRegion: { 'eu-west-1': 'automate' } },
  ] as const;
  it('region before account, and only observing where nobody configured anything', () => {
    assert.equal(effectivePhase(accounts, '111122223333', 'eu-west-1'), 'automate');
    assert.equal(effectivePhase(accounts, '111122223333', 'us-east-1'), 'approve');
    assert.equal(effectivePhase(accounts, '111122223333', 'constructor'), 'approve');
    assert.equal(effectivePhase(accounts, '999999999999', 'us-east-1'), 'observe');
  });
});

describe('the ledger', () => {
  const entry = (until: string | null): LedgerEntry => ({
    assetKey: 'a',
    ruleId: 'r',
    kind: 'snoozed',
    until,
    remediationId: 'm',
    reason: null,
    at: '2026-05-01T00:00:00Z',
  });
  const at = '2026-05-22T12:00:00Z';
  it('binds until its end, exclusive; without an end for good; unreadable times bind', () => {
    assert.equal(ledgerBinds(entry('2026-05-22T12:00:01Z'), at), true);
    assert.equal(ledgerBinds(entry('2026-05-22T12:00:00Z'), at), false);
    assert.equal(ledgerBinds(entry(null), at), true);
    assert.equal(ledgerBinds(entry('soon'), at), true);
  });
  it('the longest binding entry counts', () => {
    assert.equal(
      bindingEntry([entry('2026-06-01T00:00:00Z'), entry(null), entry('2026-01-01T00:00:00Z')], at)?.until,
      null,
    );
    assert.equal(bindingEntry([entry('2026-01-01T00:00:00Z')], at), null);
  });
});
