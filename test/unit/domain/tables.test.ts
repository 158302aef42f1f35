import { schemaToJson } from '@cedar-policy/cedar-wasm/nodejs';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { expectedState } from '../../../activities/verify/expected-state.ts';
import { cloudOf } from '../../../domain/clouds/index.ts';
import { kindOf, providerOf } from '../../../domain/resource-kinds.ts';
import { assetWords } from '../../../domain/words.ts';
import { ACTION_NAMES, ACTIONS, type ActionRow } from '../../../schemas/actions.ts';
import { ActionName } from '../../../schemas/option.ts';
import { ResourceType } from '../../../schemas/resource-type.ts';
import { RESOURCE_TYPE_NAMES, resourceTypeRow } from '../../../schemas/resource-types.ts';
import { addressFacts, instanceFacts, planFor } from '../executor/facts.ts';

interface CedarAction {
  readonly memberOf?: readonly { readonly id: string }[];
}

test('the policy schema has the actions of the table, in the group that their reversibility says', () => {
  const text = readFileSync(new URL('../../../config/policies/schema.cedarschema', import.meta.url), 'utf8');
  const answer = schemaToJson(text);
  assert.equal(answer.type, 'success');
  const [namespace] = Object.values(answer.json as Record<string, { actions: Record<string, CedarAction> }>);
  const groups = Object.entries(namespace?.actions ?? {}).flatMap(([name, { memberOf }]) =>
    memberOf?.some(({ id }) => id === 'reversible' || id === 'destructive') ? [[name, memberOf[0]?.id] as const] : [],
  );
  const expected = ACTION_NAMES.map(
    (name) => [name, ACTIONS[name].reversibility === 'reversible' ? 'reversible' : 'destructive'] as const,
  );
  assert.deepEqual(new Map(groups), new Map(expected));
});

test('the schemas accept the names of the tables and no others', () => {
  assert.deepEqual(ActionName.options, ACTION_NAMES);
  assert.deepEqual(ResourceType.options, RESOURCE_TYPE_NAMES);
  assert.equal(ActionName.safeParse('toString').success, false);
});

test('what is destroyed in two phases is restorable; what cannot come back is at an end when it is gone', () => {
  for (const name of ACTION_NAMES) {
    const row: ActionRow = ACTIONS[name];
    assert.equal(row.phases === 2, row.reversibility === 'restorable', name);
    assert.equal(row.end.gone, row.reversibility !== 'reversible', name);
  }
});

test('every type that can be acted on has words of its own and a kind some action is about', () => {
  const acted = new Set<string>(ACTION_NAMES.map((name) => ACTIONS[name].kind));
  const actionable = RESOURCE_TYPE_NAMES.filter((type) => kindOf(type) !== 'resource');
  for (const type of actionable) {
    assert.ok(acted.has(kindOf(type)), type);
    assert.equal(assetWords(type), resourceTypeRow(type).words, type);
    assert.notEqual(cloudOf(providerOf(type)), null, type);
  }
  assert.equal(kindOf('AWS::EC2::NatGateway'), 'resource');
  assert.equal(assetWords('AWS::EC2::NatGateway'), 'nat gateway');
});

test('no cloud has two types of one kind, so that action and cloud name the type', () => {
  const pairs = RESOURCE_TYPE_NAMES.filter((type) => kindOf(type) !== 'resource').map(
    (type) => `${providerOf(type)} ${kindOf(type)}`,
  );
  assert.deepEqual(pairs, [...new Set(pairs)]);
});

test('a change is done when the cloud shows what the row says, and wrong on anything else', () => {
  const stop = planFor('stop-instance', instanceFacts());
  assert.equal(expectedState(stop, instanceFacts({ state: 'stopped' })), 'reached');
  assert.equal(expectedState(stop, instanceFacts({ state: 'stopping' })), 'not-yet');
  assert.equal(expectedState(stop, instanceFacts({ state: 'running' })), 'wrong');
  assert.equal(expectedState(stop, null), 'wrong');
  const release = planFor('release-address', addressFacts());
  assert.equal(expectedState(release, null), 'reached');
  assert.equal(expectedState(release, addressFacts()), 'wrong');
  const resize = { ...planFor('resize-instance', instanceFacts()), parameters: { targetInstanceType: 'm5.xlarge' } };
  assert.equal(expectedState(resize, instanceFacts({ state: 'running' })), 'wrong');
  assert.equal(expectedState(resize, instanceFacts({ state: 'pending', instanceType: 'm5.xlarge' })), 'not-yet');
});
