import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secondOpinion } from '../../../activities/execute/second-opinion.ts';
import { issueFinding } from '../../../providers/cnapp/wiz/finding-rows.ts';
import { everythingIn, readAll, startWiz } from './helpers.ts';

const { wiz, estate } = await startWiz({
  ruleTags: {
    'Outbound connection to a known mining pool': [{ key: 'do-not-remediate', value: null }],
    'Personal data found on a disk without a retention rule': [{ key: 'owner', value: 'idlewise-block' }],
  },
});
const pages = await readAll(wiz, everythingIn('111122223333', 'us-east-1'));
const more = await readAll(wiz, everythingIn('111122223333', 'eu-west-1'));
const assets = [...pages, ...more].flatMap((p) => p.assets);

async function opinion(name: string, blocking: readonly string[]) {
  const asset = assets.find((a) => a.name === name);
  assert.ok(asset, name);
  const posture = await wiz.posture(asset);
  const document = { record: { posture } } as never;
  return { posture, ...(await secondOpinion(wiz, { asset, document, blocking })) };
}

test('a control, a cloud event rule and a cloud configuration rule are named with their tags', async () => {
  const { posture } = await opinion('web-5', []);
  for (const finding of posture.findings) {
    assert.equal(finding.policy?.name, 'Outbound connection to a known mining pool');
    assert.deepEqual(finding.policy?.labels, ['do-not-remediate']);
  }
  const store = await opinion('survey-store', []);
  const misconfigured = store.posture.findings.find((f) => f.class_uid === 2003 && !f.isIssue);
  assert.deepEqual(misconfigured?.policy?.labels, ['EC2-017', 'owner', 'idlewise-block', 'owner=idlewise-block']);
  const kev = await opinion('demo-kev-2', []);
  assert.ok(kev.posture.findings.filter((f) => f.isIssue).every((f) => f.policy?.uid && f.policy.labels.length === 0));
  assert.ok(kev.posture.findings.filter((f) => f.class_uid === 2002).every((f) => f.policy === null));
});

test('a change is refused by a tag, an id or a name of the policy, and by nothing else', async () => {
  const blocking = ['idlewise-block', 'do-not-remediate'];
  assert.deepEqual((await opinion('web-5', blocking)).conflicts, ['Outbound connection to a known mining pool']);
  const store = await opinion('survey-store', blocking);
  assert.deepEqual(store.conflicts, ['Personal data found on a disk without a retention rule']);
  assert.deepEqual((await opinion('demo-kev-2', blocking)).conflicts, []);
  const policy = store.posture.findings.find((f) => f.class_uid === 2003 && !f.isIssue)?.policy;
  for (const word of [policy?.uid, policy?.name, 'ec2-017'])
    assert.deepEqual((await opinion('survey-store', [word ?? ''])).conflicts, store.conflicts, word);
  assert.ok(estate.assets.length > 0);
});

test('a detection that was not there when the asset was assessed is a new one', async () => {
  const asset = assets.find((a) => a.name === 'web-5');
  assert.ok(asset);
  const posture = await wiz.posture(asset);
  const before = { ...posture, findings: posture.findings.filter((f) => f.isIssue) };
  const ask = (seen: typeof posture) =>
    secondOpinion(wiz, { asset, document: { record: { posture: seen } } as never, blocking: [] });
  assert.equal((await ask(before)).newDetection, true);
  assert.equal((await ask(posture)).newDetection, false);
});

test('of several rules the first names the policy, and the others block as well', () => {
  const labelled = { key: 'idlewise-block', value: 'yes' };
  const { policy } = issueFinding({
    id: 'i-1',
    sourceRules: [
      null,
      { id: 'r-1', name: 'First', tagsV2: 'not a list' },
      { id: 'r-2', name: 'Second', tags: [labelled, null, { key: 7 }] },
    ],
  });
  assert.deepEqual(policy, {
    uid: 'r-1',
    name: 'First',
    labels: ['r-2', 'Second', 'idlewise-block', 'yes', 'idlewise-block=yes'],
  });
  for (const sourceRules of [undefined, [], [{}], 'none'])
    assert.equal(issueFinding({ id: 'i-1', sourceRules }).policy, null);
});

test('a finding that could not be read forbids the change: it may be the one that does', async () => {
  const asset = assets.find((a) => a.name === 'web-5');
  assert.ok(asset);
  const posture = await wiz.posture(asset);
  const unread = [{ source: 'wiz', rowId: null, field: 'id', found: 'nothing', fix: 'must be the id' }];
  const cnapp = { posture: async () => ({ ...posture, findings: [], unread }) };
  const said = await secondOpinion(cnapp, { asset, document: { record: { posture } } as never, blocking: [] });
  assert.deepEqual(said.conflicts, ['a finding of wiz that could not be read (id: found nothing)']);
});
