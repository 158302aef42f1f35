import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exclusionsOf } from '../../../domain/detection/exclusions.ts';
import { policyTags } from '../../../domain/policy-tags.ts';
import type { AssetRecord } from '../../../schemas/detection.ts';
import { instance, recordOf, ruleOf, volumeFacts } from '../detection/fixtures.ts';
import { spellingsOf } from './spellings.ts';

const { exclusions } = ruleOf('instance-idle');
const tagged = (tags: Record<string, string>) =>
  exclusionsOf(instance({ tags: { environment: 'dev', ...tags } }), exclusions);
const named = (name: string, of: AssetRecord = instance()) =>
  exclusionsOf({ ...of, asset: { ...of.asset, name } }, exclusions);

const ACTS = ['delete', 'stop', 'terminate', 'touch', 'shutdown', 'remove', 'destroy'];
const REFUSALS = ['do not', 'dont', 'never', 'no', 'must not', 'cannot', 'not'];

describe('a tag that asks to leave its asset alone holds it, however it is written', () => {
  for (const refusal of REFUSALS)
    for (const act of ACTS)
      it(`${refusal} ${act}`, () => {
        for (const key of spellingsOf(`${refusal} ${act}`)) {
          // Look-alikes stand in for a letter: the short refusals and acts may have lost none of theirs.
          assert.notDeepEqual(tagged({ [key]: 'true' }), [], `key ${key}`);
          assert.notDeepEqual(tagged({ note: key }), [], `value ${key}`);
          assert.notDeepEqual(named(`reports-${key}`), [], `name ${key}`);
        }
      });
  for (const [key, value] of [
    ['delete', 'never'],
    ['delete', 'no'],
    ['Stop', 'Do Not'],
    ['auto-stop', 'false'],
    ['AutoShutdown', 'off'],
    ['can-be-deleted', 'no'],
    ['AllowTermination', 'FALSE'],
    ['deletable', 'no'],
    ['cleanup', 'skip'],
    ['cleanup', 'exempt'],
    ['janitor', 'ignore'],
    ['deletion', 'not allowed'],
    ['termination', 'prohibited'],
    ['acme:auto-delete', 'never'],
    ['ops.example/stop', 'no'],
    ['do-not', 'stop'],
    ['Comment', "please DON'T ever switch this off"],
    ['note', 'Must not be stopped before the audit'],
    ['exclude-from-shutdown', 'yes'],
    ['skip_cleanup', '1'],
    ['prevent-deletion', 'true'],
  ] as const)
    it(`${key} = ${value}`, () => assert.notDeepEqual(tagged({ [key]: value }), []));
  for (const phrase of [
    'legal hold',
    'hold legal',
    'litigation hold',
    'on hold',
    'keep running',
    'hands off',
    'always on',
  ])
    it(`${phrase}, as key, value and name`, () => {
      for (const spelt of spellingsOf(phrase)) {
        assert.notDeepEqual(tagged({ [spelt]: 'yes' }), [], spelt);
        assert.notDeepEqual(tagged({ reason: spelt }), [], spelt);
        assert.notDeepEqual(named(`orders ${spelt}`), [], spelt);
      }
    });
  for (const word of [
    'keep',
    'hold',
    'protect',
    'protected',
    'preserve',
    'retain',
    'quarantine',
    'incident',
    'forensics',
    'evidence',
  ])
    it(`${word}, as a whole key or value, with what may stand around it`, () => {
      for (const key of [word, word.toUpperCase(), `acme:${word}`, `${word}-until`, `please_${word}`, `${word}-id`])
        assert.notDeepEqual(tagged({ [key]: '2031-01-01' }), [], key);
      assert.notDeepEqual(tagged({ status: word }), []);
      assert.deepEqual(tagged({ [word]: 'false' }), [], `${word} is taken back`);
      assert.deepEqual(tagged({ [`${word}er-team`]: 'web' }), [], 'another word');
    });
  it('legal and hold may be told apart: the key says one, the value the other', () => {
    assert.notDeepEqual(tagged({ legal: 'hold' }), []);
    assert.notDeepEqual(tagged({ hold: 'legal' }), []);
  });
  it('the policies see the words of a key, too: what they forbid by name they forbid in every spelling', () => {
    for (const key of [
      'DoNotTouch',
      'do_not_touch',
      'Do Not Touch',
      'ｄｏ-not-touch',
      'Do\u200b-Not-Touch',
      'dо-not-touch',
    ])
      assert.ok(policyTags({ [key]: '' }).includes('do-not-touch'), key);
  });
});

/** The organisation's own words fold alike. */
const ROLES = [
  'bastion',
  'jump host',
  'jump box',
  'vpn',
  'nat',
  'backup',
  'monitoring',
  'license server',
  'licence server',
  'domain controller',
  'active directory',
  'build coordinator',
  'jenkins controller',
  'disaster recovery',
  'dr',
  'head node',
];
describe('a role that waits until it is needed', () => {
  for (const role of ROLES)
    it(`${role}, under a key for roles and in a name`, () => {
      const spellings = role.includes(' ')
        ? spellingsOf(role)
        : [role, role.toUpperCase(), `corp-${role}`, `${role}_2`];
      for (const spelt of spellings) {
        assert.notDeepEqual(tagged({ Role: spelt }), [], `role ${spelt}`);
        assert.notDeepEqual(tagged({ 'server-role': spelt }), [], `server-role ${spelt}`);
        assert.notDeepEqual(named(`eu ${spelt} 01`), [], `name ${spelt}`);
        assert.notDeepEqual(tagged({ Application: spelt }), [], `application ${spelt}`);
      }
    });
  it('is no role of what is left over from it', () => {
    for (const name of ['old-vpn-data', 'backup-2019', 'nat-disk'])
      assert.deepEqual(named(name, recordOf(volumeFacts())), []);
    assert.notDeepEqual(named('old-bastion-data', recordOf(volumeFacts())), []);
  });
});

/** Names and tags as they are in any estate. Each false hold is a machine nobody will ever look at again. */
const ORDINARY_NAMES =
  `web-1 api-gateway payments-api checkout orders-worker report-server zookeeper-1 bookkeeping-batch housekeeping
  threshold-calc household-db shareholder-portal placeholder stakeholder-app standup-bot donation-service donut-shop nodejs-app
  notebook-3 stopwatch-ui nonstop-flights backoffice natural-language-api nathan-dev international-site internat incidental-costs
  license-plate-ocr licensing-docs jump-kev-1 jumper-tests trampoline android-builder android-test drops-service drupal-cms
  drone-telemetry dredge hydra draft-api legal-documents legalization-site legal-entity-service killer-app skill-matrix
  protection-plan-quotes overprotective protector retainer-billing container-registry terminator-game terminal-server
  termination-letters deletes-collector touchpoint touchscreen-kiosk stop-times-importer bus-stop-map shutdown-sim restart-lab cleanup-job
  change-data-capture release-train purge-cache-worker kafka-broker-2 redis-cache mongo-primary elastic-data-3 ml-training
  gpu-render ci-runner-7 jenkins-agent-3 build-worker gitlab-runner-x selenium-grid test-vm dev-box-ana sandbox-7 tmp-server
  poc-chatbot demo-app loadtest-1 search-big cache-big wiki old-crm customer-portal frontend backend mailer scheduler-ui proxy-idle
  vault-idle edge-router price-feed invoice-run ledger survey-store kiosk keycloak keyboard-shop upkeep innkeeper gatekeeper
  goalkeeper holden holdings-api holdem-poker withhold-tax modern-app dev-notouchable`
    .split(/\s+/)
    .filter((n) => !n.includes('notouch'));
const ORDINARY_TAGS: Readonly<Record<string, string>> = {
  owner: 'ana@acme.example',
  team: 'web-platform',
  'cost-centre': '4711',
  project: 'shop',
  'aws:cloudformation:stack-name': 'shop-web',
  backup: 'daily',
  'backup-retention': '7',
  'snapshots-keep': '7',
  'backups-to-keep': '3',
  'data-classification': 'protected',
  'data-protection-class': 'internal',
  confidentiality: 'protected',
  'protected-health-information': 'no',
  'incident-contact': 'ops@acme.example',
  'incident-response-team': 'blue',
  'legal-entity': 'Acme Ltd',
  'legal-department-owner': 'none',
  'network-zone': 'protected',
  'subnet-type': 'isolated',
  'change-window': 'sat 22:00',
  'patch-group': 'exclude',
  monitoring: 'true',
  'power-state': 'off',
  'auto-stop': 'true',
  schedule: 'office-hours',
  stopped: 'false',
  deleted: 'false',
  'po-number': 'no',
  'serial-no': '17',
  lifecycle: 'temporary',
  'delete-after': '2027-01-01',
  'created-by': 'terraform-admin',
  hold: 'none',
  dr: 'no',
  keep: 'false',
  quarantine: 'false',
  role: 'web',
  description: 'Web front end of the shop, keeps sessions in a cache and reports to the ledger',
  application: 'shop',
  'no-of-users': '3',
  notes: 'no longer needed, may be deleted after the migration',
};
describe('ordinary words', () => {
  it('of names hold nothing', () => {
    const held = ORDINARY_NAMES.flatMap((name) => named(name).map((why) => `${name}: ${why}`));
    assert.deepEqual(held, []);
  });
  for (const [key, value] of Object.entries(ORDINARY_TAGS))
    it(`${key} = ${value} holds nothing`, () => assert.deepEqual(tagged({ [key]: value }), []));
});
