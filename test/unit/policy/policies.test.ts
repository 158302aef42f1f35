import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createCedarPolicy } from '../../../providers/policy/cedar/create-cedar-policy.ts';
import { checkPolicySet } from '../../../providers/policy/cedar/load.ts';
import { CASES } from './cases.ts';

const read = (name: string) => readFileSync(new URL(`../../../config/policies/${name}`, import.meta.url), 'utf8');
const sources = { policiesText: read('policies.cedar'), schemaText: read('schema.cedarschema') };
const policy = createCedarPolicy(sources);

const isAllow = (reason: string | undefined) =>
  reason !== undefined && !/^(no-permit|forbid-|evaluation-error)/.test(reason);

for (const { name, ask, reasons } of CASES)
  test(`${name}: ${reasons.join(', ')}`, () => {
    const answer = ask(policy);
    assert.deepEqual(answer.reasons, reasons);
    assert.equal(answer.allow, isAllow(reasons[0]));
  });

test('every policy is named by at least one case', () => {
  const named = new Set(CASES.flatMap((c) => c.reasons));
  // No port method lets an agent ask for anything: see fail-open.test.ts.
  const missing = Object.keys(checkPolicySet(sources).policies).filter(
    (id) => !named.has(id) && id !== 'agents-suggest',
  );
  assert.deepEqual(missing, []);
});

test('removing any one policy changes the outcome of a case, and any one forbid turns a no into a yes', () => {
  const { policies } = checkPolicySet(sources);
  for (const removed of Object.keys(policies).filter((id) => id !== 'agents-suggest')) {
    const policiesText = Object.entries(policies)
      .flatMap(([id, text]) => (id === removed ? [] : [text]))
      .join('\n');
    const weaker = createCedarPolicy({ ...sources, policiesText });
    const flips = CASES.filter((c) => c.ask(weaker).allow !== isAllow(c.reasons[0]));
    assert.notEqual(flips.length, 0, `no case notices that ${removed} is gone`);
  }
});

test('decisions carry the digests of the policies, the schema and the request', () => {
  const [first, second] = [CASES[0]?.ask(policy), CASES[1]?.ask(policy)] as unknown as Record<string, string>[];
  for (const field of ['policySetDigest', 'schemaDigest', 'requestDigest'])
    assert.match(first?.[field] ?? '', /^[0-9a-f]{64}$/);
  assert.equal(first?.policySetDigest, second?.policySetDigest);
  assert.notEqual(first?.requestDigest, second?.requestDigest);
});
