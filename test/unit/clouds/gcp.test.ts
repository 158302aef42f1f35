import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gcp } from '../../../domain/clouds/gcp/index.ts';
import { nextSmaller } from '../../../domain/sizing.ts';
import { nameOfLink, parseName } from '../../../providers/cloud/gcp/ids.ts';
import { managedByFrom } from '../../../domain/controllers/controller-of.ts';
import type { AssetRecord } from '../../../schemas/detection.ts';
import type { ActionName } from '../../../schemas/option.ts';

const key = '//compute.googleapis.com/projects/acme-prod-1/zones/europe-west1-b/instances/web-1';
const asset = {
  assetKey: key,
  provider: 'gcp',
  accountId: 'acme-prod-1',
  region: 'europe-west1',
  resourceType: 'compute.googleapis.com/Instance',
  resourceId: key,
};
const record = (over: object = {}) => ({ asset: { ...asset, ...over }, facts: null }) as unknown as AssetRecord;
const change = { from: 'n2-standard-4', to: 'n2-standard-2' };

test('sizes go down within the family, never below the memory needed', () => {
  const down = (instanceType: string, steps: number, memoryGiB = 0) =>
    nextSmaller(gcp.familyOf(instanceType), { instanceType, steps, fits: (s) => s.memoryGiB >= memoryGiB })
      ?.instanceType;
  assert.equal(down('n2-standard-8', 1), 'n2-standard-4');
  assert.equal(down('n2-standard-8', 2, 10), 'n2-standard-4');
  assert.equal(down('n2-standard-2', 1), undefined);
  assert.equal(down('custom-4-8192', 1), undefined);
  assert.equal(gcp.shapeOf('n1-standard-4')?.memoryGiB, 15);
  assert.equal(gcp.shapeOf('t2a-standard-4')?.architecture, 'arm64');
});

test('prices are linear within a family and unknown outside the table', () => {
  assert.equal(gcp.priceRatio('n2-standard-8', 'n2-standard-2')?.toString(), '0.25');
  assert.equal(gcp.prices.instanceMonthly('n2-standard-4')?.toString(), '141.766');
  assert.equal(gcp.prices.instanceMonthly('n2-custom-4-8192'), null);
  assert.equal(gcp.prices.volumeMonthly({ volumeType: 'pd-ssd', sizeGiB: 100 })?.toString(), '17');
  assert.equal(gcp.prices.volumeMonthly({ volumeType: 'hyperdisk-balanced', sizeGiB: 100 }), null);
});

test('commands name project and zone, and quote whatever a name contains', () => {
  const { command } = gcp.texts('stop-instance', record(), change) ?? {};
  assert.equal(command, 'gcloud compute instances stop web-1 --zone europe-west1-b --project acme-prod-1');
  const evil = key.replace('web-1', 'x; rm -rf ~');
  const texts = gcp.texts('stop-instance', record({ resourceId: evil }), change);
  assert.match(texts?.command ?? '', /stop 'x; rm -rf ~' --zone/);
});

test('every action has texts but the one that does not exist', () => {
  const all: ActionName[] = [
    'stop-instance',
    'snapshot-and-terminate-instance',
    'resize-instance',
    'snapshot-and-delete-volume',
    'release-address',
    'stop-database',
  ];
  for (const action of all) {
    const texts = gcp.texts(action, record(), change);
    assert.match(texts?.command ?? '', /^gcloud (compute|sql) /, action);
    assert.ok(texts && texts.steps.length > 2 && texts.terraform !== '' && texts.rollback !== '');
  }
  assert.equal(gcp.texts('delete-load-balancer', record(), change), null);
});

test('names are taken apart, and links become names', () => {
  assert.deepEqual(parseName(key), {
    service: 'compute.googleapis.com',
    projectId: 'acme-prod-1',
    scope: 'zones',
    place: 'europe-west1-b',
    collection: 'instances',
    name: 'web-1',
  });
  assert.equal(parseName('//compute.googleapis.com/projects/p/global/addresses/a')?.scope, 'global');
  assert.equal(parseName('//cloudsql.googleapis.com/projects/p/instances/db')?.service, 'cloudsql.googleapis.com');
  assert.equal(parseName('arn:aws:ec2:eu-west-1:111122223333:instance/i-1'), null);
  assert.equal(nameOfLink(`https://www.googleapis.com/compute/v1/${key.slice(25)}`), key);
});

test('who owns an asset is read from labels and names', () => {
  const managedBy = (tags: Record<string, string>, name: string) => managedByFrom({ provider: 'gcp', tags, name });
  assert.equal(managedBy({ 'goog-gke-node': '' }, 'x'), 'kubernetes');
  assert.equal(managedBy({ 'goog-terraform-provisioned': 'true' }, 'x'), 'terraform');
  assert.equal(managedBy({ 'managed-by': 'pulumi' }, 'x'), 'pulumi');
  assert.equal(managedBy({ 'managed-by': 'the-web-team' }, 'x'), null);
  assert.equal(managedBy({}, 'gke-prod-default-pool-1a2b'), 'kubernetes');
  assert.equal(managedBy({ terraform: 'false' }, 'x'), null);
});
