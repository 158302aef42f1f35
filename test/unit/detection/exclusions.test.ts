import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evaluateAsset, evaluateRule } from '../../../domain/detection/evaluate.ts';
import { exclusionsOf, withDenyTags } from '../../../domain/detection/exclusions.ts';
import type { AssetRecord } from '../../../schemas/detection.ts';
import { instance, NOW, RULES, recordOf, ruleOf, volumeFacts } from './fixtures.ts';

const rule = ruleOf('instance-idle');
const excluded = (record: AssetRecord) => exclusionsOf(record, rule.exclusions);
const tagged = (tags: Record<string, string>) => excluded(instance({ tags }));
const cmdb = instance().cmdb as NonNullable<AssetRecord['cmdb']>;
const posture = instance().posture as NonNullable<AssetRecord['posture']>;

describe('tags that say no', () => {
  for (const key of [
    'do-not-touch',
    'DO-NOT-TOUCH',
    ' do-not-touch ',
    'ｄｏ-not-touch',
    'do-not\u200b-touch',
    'legal-hold',
    'license-bound',
    'idlewise:exclude',
  ])
    it(`key ${JSON.stringify(key)}, whatever its value`, () => {
      assert.ok(tagged({ [key]: 'false' }).some((r) => r.startsWith('excluded:tag:')));
    });
  for (const [key, value, code] of [
    ['dr', 'standby', 'excluded:tag:dr=standby'],
    ['Role', 'DR', 'excluded:tag:role=dr'],
    ['role', 'backup', 'excluded:tag:role=backup'],
    ['role', 'ssh-bastion', 'excluded:role:bastion'],
    ['purpose', 'vulnerability scanner', 'excluded:role:scanner'],
    ['disaster-recovery', 'eu-west-1', 'excluded:dr-role'],
    ['Name', 'orders-honeypot-2', 'excluded:name-hint:honeypot'],
    ['aws:autoscaling:groupName', 'asg', 'excluded:auto-scaling-member'],
    ['kubernetes.io/cluster/blue', 'owned', 'excluded:managed-by:kubernetes'],
    ['elasticbeanstalk:environment-id', 'e-1', 'excluded:managed-by:beanstalk'],
    ['aks-managed-clusterName', 'blue', 'excluded:managed-by:kubernetes'],
    ['goog-gke-node', '', 'excluded:managed-by:kubernetes'],
    ['goog-dataproc-cluster-name', 'etl', 'excluded:managed-by:dataproc'],
  ] as const)
    it(`${key}=${value} → ${code}`, () =>
      assert.ok(tagged({ [key]: value }).includes(code), String(tagged({ [key]: value }))));

  it('ordinary tags exclude nothing, nor does a stated absence of a role', () => {
    assert.deepEqual(tagged({ environment: 'dev', owner: 'a@b.example', backup: 'daily', dr: 'no', role: 'web' }), []);
  });

  it('the organisation may add keys and pairs of its own', () => {
    const [own] = withDenyTags([rule], ['keep-me', 'Tier=Gold']);
    assert.deepEqual(exclusionsOf(instance({ tags: { 'Keep-Me': '' } }), own?.exclusions ?? rule.exclusions), [
      'excluded:tag:keep-me',
    ]);
    assert.deepEqual(exclusionsOf(instance({ tags: { tier: 'GOLD' } }), own?.exclusions ?? rule.exclusions), [
      'excluded:tag:tier=gold',
    ]);
  });

  it('a tag only the cloud knows counts as well', () => {
    assert.ok(excluded(instance({}, { tags: { 'legal-hold': '1' } })).includes('excluded:tag:legal-hold'));
  });
});

describe('what other sources know', () => {
  it('auto-scaling, spot and orchestrators', () => {
    assert.deepEqual(excluded(instance({}, { scalingGroup: 'a' })), ['excluded:auto-scaling-member']);
    assert.deepEqual(excluded(instance({}, { spot: true })), ['excluded:spot']);
    assert.deepEqual(excluded(instance({}, { managedBy: 'eks' })), ['excluded:managed-by:eks']);
  });
  it('infrastructure as code does not exclude: it blocks acting and shows the snippet instead', () => {
    assert.deepEqual(excluded(instance({}, { managedBy: 'terraform' })), []);
  });
  it('a DR role, an open incident, an open threat detection', () => {
    assert.deepEqual(excluded(instance({ cmdb: { ...cmdb, disasterRecoveryRole: 'pilot light' } })), [
      'excluded:dr-role',
    ]);
    assert.deepEqual(excluded(instance({ cmdb: { ...cmdb, openIncidents: ['INC1'] } })), [
      'excluded:investigation:open-incident',
    ]);
    const threat = (status_id: number) =>
      excluded(
        instance({
          posture: {
            ...posture,
            findings: [
              {
                uid: 'x',
                class_uid: 2004,
                title: 't',
                severity_id: 4,
                status_id,
                first_seen_time: null,
                last_seen_time: null,
                cve: null,
                isIssue: true,
              },
            ],
          },
        }),
      );
    for (const open of [0, 1, 2, 99]) assert.deepEqual(threat(open), ['excluded:investigation:detection-finding']);
    for (const closed of [3, 4]) assert.deepEqual(threat(closed), []);
  });
  it('names of security appliances and standbys, as whole words only', () => {
    const named = (name: string) => excluded({ ...instance(), asset: { ...instance().asset, name } });
    assert.deepEqual(named('eu-bastion-1'), ['excluded:name-hint:bastion']);
    assert.deepEqual(named('orders_DR_2'), ['excluded:name-hint:dr']);
    assert.deepEqual(named('android-builder'), []);
    assert.deepEqual(named('jump-kev-1'), []);
  });
});

describe('an exclusion', () => {
  it('makes every rule undetermined, whatever was measured', () => {
    for (const v of evaluateAsset(RULES, instance({ tags: { 'do-not-touch': '' }, metrics: [] }), NOW)) {
      assert.equal(v.verdict, 'undetermined');
      assert.deepEqual(v.reasons, ['excluded:tag:do-not-touch']);
    }
    const volume = recordOf(volumeFacts(), { tags: { 'kubernetes.io/created-for/pvc/name': 'data-0' } });
    assert.equal(evaluateRule(ruleOf('volume-unattached'), volume, NOW).verdict, 'undetermined');
  });
});
