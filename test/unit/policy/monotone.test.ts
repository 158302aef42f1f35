import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCedarPolicy } from '../../../providers/policy/cedar/create-cedar-policy.ts';
import type { MutationRequest } from '../../../ports/policy.ts';
import { Environment } from '../../../schemas/asset.ts';
import { ActionName } from '../../../schemas/option.ts';
import { allowed, change } from './requests.ts';

const policy = await loadCedarPolicy(new URL('../../../config/policies', import.meta.url).pathname);
const PROBES = 1500;

function generator(seed: number) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    chance: (p: number) => next() < p,
    below: (n: number) => Math.floor(next() * n),
    pick: <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T,
  };
}

function randomRequest(r: ReturnType<typeof generator>): MutationRequest {
  const people = ['ann@example.com', 'bob@example.com', 'cyn@example.com'];
  return change({
    action: r.pick(ActionName.options),
    phase: r.pick(['observe', 'approve', 'approve', 'automate', 'automate'] as const),
    risk: r.pick([0, 20, 21, 59, 60, 100]),
    confidence: r.pick([0, 94, 95, 100]),
    killSwitch: r.chance(0.05),
    inFreeze: r.chance(0.05),
    inWindow: r.chance(0.95),
    approvers: people.slice(0, r.below(4)),
    planDigestMatches: r.chance(0.95),
    stateDigestMatches: r.chance(0.95),
    now: r.pick([1_000, 1_999, 2_000]),
    budget: { run: [r.below(6), 5], day: [0, 5], ownerDay: [r.below(3), 5] },
    snapshotVerified: r.chance(0.8),
    openIncident: r.chance(0.05),
    knownExploitedExposed: r.chance(0.2),
    dataFresh: r.chance(0.95),
    asset: { environment: r.pick(Environment.options), autoScaled: r.chance(0.05) },
  });
}

/** Each makes a request no safer. */
const worsen: Readonly<Record<string, (q: MutationRequest) => MutationRequest>> = {
  'higher risk': (q) => ({ ...q, risk: Math.min(100, q.risk + 40) }),
  'lower confidence': (q) => ({ ...q, confidence: Math.max(0, q.confidence - 5) }),
  'one approver fewer': (q) => ({ ...q, approvers: q.approvers.slice(1) }),
  'kill switch': (q) => ({ ...q, killSwitch: true }),
  freeze: (q) => ({ ...q, inFreeze: true }),
  'outside the window': (q) => ({ ...q, inWindow: false }),
  'phase observe': (q) => ({ ...q, phase: 'observe' }),
  'plan moved': (q) => ({ ...q, planDigestMatches: false }),
  'state moved': (q) => ({ ...q, stateDigestMatches: false }),
  later: (q) => ({ ...q, now: q.now + 1_000 }),
  'budget nearer its end': (q) => ({ ...q, budget: { ...q.budget, run: [q.budget.run[0] + 1, q.budget.run[1]] } }),
  'snapshot unverified': (q) => ({ ...q, snapshotVerified: false }),
  incident: (q) => ({ ...q, openIncident: true }),
  'known exploited': (q) => ({ ...q, knownExploitedExposed: true }),
  stale: (q) => ({ ...q, dataFresh: false }),
  'production instead': (q) => change({ asset: { environment: 'prod' } }, q),
  'environment unknown': (q) => change({ asset: { environment: 'unknown' } }, q),
  'one more tag': (q) => change({ asset: { tags: [...q.asset.tags, 'legal-hold'] } }, q),
  'an approver turns out to be the requester': (q) => ({ ...q, requester: q.approvers[0] ?? q.requester }),
};

test(`${PROBES} random requests: making one worse never turns no into yes`, (t) => {
  const seed = 20260302;
  const r = generator(seed);
  let yes = 0;
  for (let i = 0; i < PROBES; i++) {
    const before = randomRequest(r);
    const [name, apply] = r.pick(Object.entries(worsen));
    const first = policy.decideMutation(before);
    const second = policy.decideMutation(apply(before));
    if (first.allow) yes++;
    assert.ok(first.allow || !second.allow, `seed ${seed}, probe ${i}: "${name}" allowed ${JSON.stringify(before)}`);
    if (second.allow) assert.ok(!second.reasons.some((reason) => reason.startsWith('forbid-')));
  }
  t.diagnostic(`${yes} of ${PROBES} requests were allowed before they were made worse`);
  assert.ok(yes > PROBES / 20, 'the generator must reach permits, or the property is empty');
  assert.equal(policy.decideMutation(allowed).allow, true);
});
