import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import type { InventoryAsset } from '../../../schemas/asset.ts';
import { Posture } from '../../../schemas/posture.ts';
import { everythingIn, readAll, startWiz } from './helpers.ts';

type Started = Awaited<ReturnType<typeof startWiz>>;
const started = await startWiz();
const { wiz, simulator, states } = started;
const web5 = await find(started, 'web-5');

async function find({ wiz: port }: Started, name: string): Promise<InventoryAsset> {
  const pages = await readAll(port, everythingIn('111122223333', 'us-east-1'));
  const asset = pages.flatMap((p) => p.assets).find((a) => a.name === name);
  assert.ok(asset, name);
  return asset;
}

const list = (nodes: unknown[], endCursor: string | null = null) => ({
  nodes,
  pageInfo: { hasNextPage: endCursor !== null, endCursor },
});
/** A whole posture in which only the detections matter. */
const postureWith = (detections: unknown) =>
  JSON.stringify({
    data: {
      resource: { id: web5.vendorId, providerUniqueId: web5.assetKey },
      ...Object.fromEntries(
        ['openIssues', 'resolvedIssues', 'configuration', 'vulnerability', 'exposure'].map((name) => [name, list([])]),
      ),
      detections,
    },
  });
const answer = (body: string, responseBody: string): void => {
  simulator.faults.push({ body, kind: 'status', status: 200, times: 1, responseBody });
};

test('a threat is a finding of class 2004, beside the issue it belongs to, and no other asset has it', async () => {
  const posture = await wiz.posture(web5);
  assert.deepEqual(Posture.parse(posture), posture);
  const detections = posture.findings.filter((f) => f.class_uid === 2004 && !f.isIssue);
  assert.deepEqual(
    detections.map((f) => [f.title, f.severity_id, f.status_id]),
    [['Outbound connection to a known mining pool', 4, 1]],
  );
  assert.ok(posture.findings.some((f) => f.class_uid === 2004 && f.isIssue && f.uid !== detections[0]?.uid));
  const quiet = await wiz.posture(await find(started, 'edge-kev-1'));
  assert.ok(quiet.findings.length > 0 && !quiet.findings.some((f) => f.class_uid === 2004));
});

test('a detection is closed with its issue', async () => {
  states.set('web-5', 'stopped');
  const { rescanId } = await wiz.requestRescan(web5);
  for (let status = ''; status !== 'succeeded'; ) status = await wiz.rescanStatus(rescanId);
  const { findings } = await wiz.posture(web5);
  assert.deepEqual(
    findings.map((f) => [f.class_uid, f.status_id]),
    [
      [2004, 4],
      [2004, 4],
    ],
  );
});

test('a detection without an issue, a known word or a rule stays, and counts as open', async () => {
  answer('Posture', postureWith(list([{ id: 'd-1', severity: 'APOCALYPTIC', startedAt: 'once', issue: null }])));
  assert.deepEqual((await wiz.posture(web5)).findings, [
    {
      uid: 'd-1',
      class_uid: 2004,
      title: 'Detection without a rule name',
      severity_id: 0,
      status_id: 0,
      first_seen_time: null,
      last_seen_time: null,
      cve: null,
      isIssue: false,
      policy: null,
    },
  ]);
});

test('detections beyond the first page are read on; a row without an id is unread, no list at all is an error', async () => {
  answer('Posture', postureWith(list([{ id: 'd-1' }], 'more')));
  answer('Detections', JSON.stringify({ data: { list: list([{ id: 'd-2' }]) } }));
  assert.deepEqual(
    (await wiz.posture(web5)).findings.map((f) => f.uid),
    ['d-1', 'd-2'],
  );
  answer('Posture', postureWith(list([{ severity: 'HIGH' }, { id: 'd-3' }])));
  const posture = await wiz.posture(web5);
  assert.deepEqual(
    posture.findings.map((f) => f.uid),
    ['d-3'],
  );
  assert.deepEqual(
    posture.unread?.map((row) => [row.operation, row.field]),
    [['detections', 'id']],
  );
  answer('Posture', postureWith(null));
  await assert.rejects(wiz.posture(web5), (e) => isProviderError(e, 'malformed') && /detections/.test(e.message));
});

test('only the days asked for count', async () => {
  const short = await startWiz({ config: { detectionDays: 1 } });
  const { findings } = await short.wiz.posture(await find(short, 'web-5'));
  assert.deepEqual(
    findings.map((f) => f.isIssue),
    [true],
  );
});

test('where detections may not be read, the scope and the setting are named; switched off, they are not asked for', async () => {
  const refusal = JSON.stringify({
    data: null,
    errors: [{ message: 'access denied', path: ['detections'], extensions: { code: 'UNAUTHORIZED' } }],
  });
  for (const ask of [() => wiz.posture(web5), () => wiz.check()]) {
    simulator.faults.push({ path: '/graphql', kind: 'status', status: 200, times: 1, responseBody: refusal });
    await assert.rejects(
      ask,
      (e) =>
        isProviderError(e, 'unauthorised') &&
        /read:detections/.test(e.message) &&
        /cnapp\.wiz\.detections/.test(e.message),
    );
  }
  const without = await startWiz({ config: { detections: false } });
  const { findings } = await without.wiz.posture(await find(without, 'web-5'));
  assert.deepEqual(
    findings.map((f) => f.isIssue),
    [true],
  );
  assert.match(await without.wiz.check(), /visible/);
});
