import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { facetsOf } from '../../../domain/memory/facets.ts';
import { regionGroup } from '../../../domain/memory/region.ts';
import { caseText } from '../../../domain/memory/text.ts';
import { admit } from '../../../providers/memory/admit.ts';
import { findEgressViolation } from '../../../providers/model/egress-guard.ts';
import { CANARIES, CANARY_STRINGS } from '../../../sandbox/estate/canaries.ts';
import { CaseFacets } from '../../../schemas/memory.ts';
import { pastCase } from './cases.ts';
import { planted } from './planted.ts';

const pseudonym = () => 'owner-abcdefghijkl';

const facets = () => facetsOf({ ...planted(), environment: 'dev', owner: { team: CANARIES.supportGroup } }, pseudonym);

describe('what of a case is remembered', () => {
  it('is what the schema has words for, and holds nothing that was planted', () => {
    const parsed = CaseFacets.parse(facets());
    const text = JSON.stringify(parsed) + caseText(parsed);
    for (const canary of CANARY_STRINGS) assert.ok(!text.includes(canary), canary);
    for (const secret of ['111122223333', 'i-0a1b2c3d4e5f60718', 'us-east-1', 'm5.2xlarge', 'canary', '7391'])
      assert.ok(!text.includes(secret), secret);
    assert.equal(parsed.standbyRole, 'stated');
    assert.equal(parsed.maintenanceWindow, 'stated');
    assert.equal(parsed.dependents, '1-to-5');
    assert.deepEqual(parsed.tagKeys, ['env', 'owner']);
    assert.equal(parsed.otherTags, '1-to-5');
    assert.ok(parsed.reasons.includes('excluded'));
  });

  it('says unknown for what is not known', () => {
    const { record, verdict } = planted();
    const bare = { ...record, cmdb: null, posture: null, facts: null };
    const parsed = CaseFacets.parse(
      facetsOf({ record: bare, verdict, environment: 'unknown', owner: { team: 'x' } }, pseudonym),
    );
    for (const facet of [
      'criticality',
      'dependents',
      'standbyRole',
      'internetExposed',
      'sensitiveData',
      'exposure',
      'size',
    ] as const)
      assert.equal(parsed[facet], 'unknown', facet);
  });

  it('passes the guard as text, whatever the cloud', () => {
    for (const type of [
      'AWS::EC2::Instance',
      'Microsoft.Network/publicIPAddresses',
      'compute.googleapis.com/Instance',
    ] as const)
      assert.equal(findEgressViolation(caseText({ ...facets(), type })), null, type);
  });

  it('does not depend on names, ids, tag values or amounts', () => {
    const { record, verdict } = planted();
    const other = {
      ...record,
      asset: { ...record.asset, name: 'other', resourceId: 'i-1', tags: { ...record.asset.tags, Owner: 'x' } },
    };
    assert.deepEqual(
      facetsOf({ record: other, verdict, environment: 'dev', owner: { team: 'y' } }, pseudonym),
      facets(),
    );
  });
});

describe('the door of the memory', () => {
  it('lets a case of classes, bands and codes in', () => {
    const past = pastCase(1, { facets: facets() });
    assert.deepEqual(admit(past), past);
  });

  type Loose = { readonly facets: object };
  const wrong: readonly (readonly [string, (past: Loose) => unknown, RegExp])[] = [
    ['an unknown field', (p) => ({ ...p, note: 'please' }), /remember/],
    ['an unknown facet', (p) => ({ ...p, facets: { ...p.facets, assetName: 'x' } }), /facets/],
    ['a tag key of somebody', (p) => ({ ...p, facets: { ...p.facets, tagKeys: [CANARIES.costCentre] } }), /tagKeys/],
    ['a band that is a value', (p) => ({ ...p, facets: { ...p.facets, size: 'm5.2xlarge' } }), /facets\.size/],
    ['an id as a code', (p) => ({ ...p, facets: { ...p.facets, rule: 'i-0abc1234def567890' } }), /resource-id/],
    [
      'an account as a code',
      (p) => ({ ...p, facets: { ...p.facets, reasons: ['seen-in-111122223333'] } }),
      /account-id/,
    ],
    [
      'an address for an owner',
      (p) => ({ ...p, facets: { ...p.facets, owner: CANARIES.ownerEmail } }),
      /facets\.owner/,
    ],
    ['a rejection without a code', (p) => ({ ...p, kind: 'rejection', end: 'rejected' }), /kind/],
    ['a case that was only approved', (p) => ({ ...p, end: 'approved' }), /end/],
  ];
  for (const [name, change, message] of wrong)
    it(`refuses ${name}, and does not repeat it`, () => {
      const bad = change(structuredClone(pastCase(1)) as never) as never;
      assert.throws(
        () => admit(bad),
        (error: Error) => {
          assert.match(error.message, message);
          for (const canary of CANARY_STRINGS) assert.ok(!error.message.includes(canary));
          return true;
        },
      );
    });
});

it('regions of three clouds fall into parts of the world', () => {
  const expected = {
    'us-east-1': 'north-america',
    'us-gov-west-1': 'north-america',
    'ca-central-1': 'north-america',
    eastus2: 'north-america',
    westus: 'north-america',
    'northamerica-northeast1': 'north-america',
    'eu-west-1': 'europe',
    westeurope: 'europe',
    'europe-west3': 'europe',
    uksouth: 'europe',
    'il-central-1': 'middle-east',
    uaenorth: 'middle-east',
    'me-west1': 'middle-east',
    'sa-east-1': 'south-america',
    brazilsouth: 'south-america',
    'southamerica-east1': 'south-america',
    'af-south-1': 'africa',
    southafricanorth: 'africa',
    'ap-southeast-2': 'asia-pacific',
    japaneast: 'asia-pacific',
    'asia-east1': 'asia-pacific',
    southeastasia: 'asia-pacific',
    centralindia: 'asia-pacific',
    global: 'global',
    'mars-north-1': 'other',
  };
  for (const [region, group] of Object.entries(expected)) assert.equal(regionGroup(region), group, region);
});
