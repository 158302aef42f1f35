import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createCedarPolicy, loadCedarPolicy } from '../../../providers/policy/cedar/create-cedar-policy.ts';
import { createCedarEngine } from '../../../providers/policy/cedar/engine.ts';
import { mutationToCedar } from '../../../providers/policy/cedar/to-cedar.ts';
import type { MutationRequest } from '../../../ports/policy.ts';
import { allowed, approving } from './requests.ts';

const read = (name: string) => readFileSync(new URL(`../../../config/policies/${name}`, import.meta.url), 'utf8');
const sources = { policiesText: read('policies.cedar'), schemaText: read('schema.cedarschema') };
const policy = createCedarPolicy(sources);
const engine = createCedarEngine(sources);
const good = mutationToCedar(allowed);

function denied(answer: { allow: boolean; reasons: readonly string[] }, pattern = /^evaluation-error:/): void {
  assert.equal(answer.allow, false);
  assert.match(answer.reasons.join('\n'), pattern);
}

test('leaving out any attribute, at any depth, denies', () => {
  assert.equal(policy.decideMutation(allowed).allow, true);
  for (const field of Object.keys(allowed)) {
    const { [field as never]: _, ...rest } = allowed;
    denied(policy.decideMutation(rest as MutationRequest), new RegExp(`^evaluation-error:${field}`));
  }
  for (const field of Object.keys(allowed.asset)) {
    const { [field as never]: _, ...rest } = allowed.asset;
    denied(policy.decideMutation({ ...allowed, asset: rest as never }), new RegExp(`asset.${field}`));
  }
  for (const field of Object.keys(approving)) {
    const { [field as never]: _, ...rest } = approving;
    denied(policy.decideHuman(rest as never));
  }
});

test('a value of another type, out of range or made up denies', () => {
  const wrong: Record<string, readonly unknown[]> = {
    risk: ['30', -5, 101, 30.5, Number.NaN, Number.POSITIVE_INFINITY, null],
    confidence: ['95', 1000],
    killSwitch: ['false', 0, null],
    phase: ['Approve', 'auto', '', null],
    action: ['stop', 'mutate', 'reversible', 'read-context'],
    approvers: ['ann@example.com', [null], [''], { length: 2 }],
    now: ['1000', -1, 1e300],
    budget: [{}, { run: [0], day: [0, 5], ownerDay: [0, 5] }, { run: [-1, 5], day: [0, 5], ownerDay: [0, 5] }],
    executor: ['', null],
    surprise: [true],
  };
  for (const [field, values] of Object.entries(wrong))
    for (const value of values) denied(policy.decideMutation({ ...allowed, [field]: value } as MutationRequest));
  denied(policy.decideMutation(null as never));
  denied(policy.decideAdmin({ verb: 'KillSwitch', subject: 'a', groups: 'admins' as never, twoPerson: true }));
});

test('the engine denies by itself what the port’s own check would catch first', () => {
  assert.equal(engine.decide(good).allow, true);
  for (const field of Object.keys(good.context)) {
    const { [field]: _, ...context } = good.context;
    denied(engine.decide({ ...good, context }));
    denied(
      engine.decide({ ...good, context: { ...good.context, [field]: 'text-instead' === field ? 1 : { odd: true } } }),
    );
  }
  denied(engine.decide({ ...good, context: { ...good.context, extra: true } }));
  denied(engine.decide({ ...good, context: { ...good.context, risk: 12.5 } }));
});

test('an unknown or half-known asset denies', () => {
  denied(
    engine.decide({
      ...good,
      entities: good.entities.filter((e) => !('type' in e.uid && e.uid.type.endsWith('Asset'))),
    }),
  );
  denied(engine.decide({ ...good, entities: [] }));
  const stripped = good.entities.map((e) => ('tags' in e.attrs ? { ...e, attrs: {} } : e));
  denied(engine.decide({ ...good, entities: stripped }));
});

test('an agent asking for a change is a type error, not a policy decision; it may suggest', () => {
  const agent = { type: 'Idlewise::Agent', id: 'assessor' };
  const entities = [...good.entities, { uid: agent, attrs: {}, parents: [] }];
  for (const id of ['stop-instance', 'snapshot-and-terminate-instance', 'approve', 'SetPhase'])
    denied(engine.decide({ ...good, principal: agent, action: { type: 'Idlewise::Action', id }, entities }));
  const suggest = engine.decide({
    ...good,
    principal: agent,
    action: { type: 'Idlewise::Action', id: 'suggest' },
    context: {},
    entities,
  });
  assert.deepEqual([suggest.allow, suggest.reasons], [true, ['agents-suggest']]);
});

test('a person cannot execute, and an executor cannot approve', () => {
  const person = { type: 'Idlewise::Human', id: 'ann@example.com' };
  denied(engine.decide({ ...good, principal: person }));
  denied(engine.decide({ ...good, action: { type: 'Idlewise::Action', id: 'approve' } }));
  denied(engine.decide({ ...good, action: { type: 'Idlewise::Action', id: 'mutate' } }));
  denied(engine.decide({ ...good, action: { type: 'Idlewise::Action', id: 'no-such-action' } }));
});

test('a forbid that errors denies, although Cedar itself would skip it and allow', () => {
  // Passes strict validation, yet overflows when it runs: the case that validation cannot rule out.
  const overflow = `@id("forbid-overflow") forbid (principal, action in Idlewise::Action::"mutate", resource)
    when { context.now * 9223372036854775807 < 0 };`;
  const fragile = createCedarPolicy({ ...sources, policiesText: `${sources.policiesText}\n${overflow}` });
  denied(fragile.decideMutation(allowed), /^evaluation-error:forbid-overflow/);
});

test('a policy set with any fault is not loaded at all', async () => {
  const load =
    (more: string, schemaText = sources.schemaText) =>
    () =>
      createCedarPolicy({ policiesText: `${sources.policiesText}\n${more}`, schemaText });
  assert.throws(load('@id("x") forbid (principal, action, resource) when { context.killSwich };'), /killSwich/);
  assert.throws(load('@id("x") forbid (principal, action, resource'), /do not parse/);
  assert.throws(load('forbid (principal, action, resource);'), /needs an @id/);
  assert.throws(load('@id("forbid-freeze") forbid (principal, action, resource);'), /share @id/);
  assert.throws(load('@id("t") permit (principal == ?principal, action, resource);'), /templates/);
  assert.throws(
    load('@id("never") permit (principal, action == Idlewise::Action::"stop-instance", resource) when { false };'),
    /never/,
  );
  assert.throws(load('', 'entity Broken'), /schema does not parse/);
  assert.throws(() => createCedarPolicy({ ...sources, policiesText: '' }), /empty/);
  await assert.rejects(loadCedarPolicy('/nonexistent'), /ENOENT/);
});

test('two sets in one process do not mix, and a failed load leaves the old one working', () => {
  const harsh = createCedarPolicy({
    ...sources,
    policiesText: `${sources.policiesText}\n@id("forbid-all") forbid (principal, action, resource);`,
  });
  for (let i = 0; i < 3; i++) {
    assert.deepEqual(harsh.decideMutation(allowed).reasons, ['forbid-all']);
    assert.deepEqual(policy.decideMutation(allowed).reasons, ['exec-approved']);
    assert.throws(() => createCedarPolicy({ ...sources, policiesText: 'nonsense' }));
  }
});

test('hostile text in names, tags and owners is only data', () => {
  const text = '"} ; permit(principal, action, resource); // \u202e\ud800';
  const hostile = {
    ...allowed,
    asset: { ...allowed.asset, owner: text, tags: [text, '__proto__', '$where'] },
    executor: text,
  };
  const answer = policy.decideMutation({ ...hostile, killSwitch: true });
  assert.equal(answer.allow, false);
  assert.match(answer.requestDigest, /^[0-9a-f]{64}$/);
});

test('a decision takes about a quarter of a millisecond', (t) => {
  const times = Array.from({ length: 500 }, () => {
    const start = performance.now();
    policy.decideMutation(allowed);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  const [p50, p99] = [times[250] as number, times[495] as number];
  t.diagnostic(`p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`);
  assert.ok(p50 < 2, `p50 ${p50} ms`);
});
