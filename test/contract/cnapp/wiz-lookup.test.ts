import assert from 'node:assert/strict';
import { test } from 'node:test';
import { combineCnapps } from '../../../providers/cnapp/combined/index.ts';
import type { KnownAsset } from '../../../ports/cnapp.ts';
import { assetKeyOf, refOfAssetKey, spellingsOf, valueOf } from '../../../domain/cloud-ids/index.ts';
import { isProviderError } from '../../../ports/errors.ts';
import { inCloud } from '../../../sandbox/estate/clouds.ts';
import type { SeededAsset } from '../../../sandbox/estate/types.ts';
import { uuid } from '../../../sandbox/wiz/inventory.ts';
import { seededEstate, startWiz } from './helpers.ts';

const LINK = 'https://www.googleapis.com/compute/v1/projects/';
const base = seededEstate();
const google = inCloud('gcp', base.assets);
/** AWS by ARN, Azure in capitals, Google Cloud by full name, but one machine by its self link. */
const estate = {
  ...base,
  assets: [
    ...base.assets,
    ...inCloud('azure', base.assets).map((a) => ({
      ...a,
      assetKey: a.assetKey.replace('resourcegroups', 'resourceGroups'),
    })),
    ...google.map((a, i) => ({ ...a, assetKey: i === 0 ? a.assetKey.replace(/^.*?projects\//, LINK) : a.assetKey })),
  ],
};
const { wiz, simulator } = await startWiz({ estate });

function known(asset: SeededAsset | undefined, assetKey = asset?.assetKey ?? ''): KnownAsset {
  const ref = refOfAssetKey(assetKey, asset?.region ?? '');
  assert.ok(ref, assetKey);
  return { ...ref, vendorId: null };
}
const row = (id: string, more: Record<string, unknown> = {}) => ({ id, providerUniqueId: machine.assetKey, ...more });
const answer = (nodes: unknown[], endCursor: string | null = null): void => {
  const pageInfo = { hasNextPage: endCursor !== null, endCursor };
  const responseBody = JSON.stringify({ data: { cloudResourcesV2: { nodes, pageInfo } } });
  simulator.faults.push({ body: 'Lookup', kind: 'status', status: 200, times: 1, responseBody });
};
const idAskedFor = async (): Promise<unknown> => {
  await wiz.posture(known(machine)).catch(() => undefined);
  const { variables } = JSON.parse(simulator.journal.entries().at(-1)?.body ?? '{}') as { variables: { id?: string } };
  return variables.id;
};
const machine = estate.assets.find((a) => a.name === 'demo-kev-2') as SeededAsset;

test('an asset whose id is not known is found by its ARN, for its posture and for a rescan, with one request more', async () => {
  const vendorId = uuid(estate.seed, machine.name);
  const before = simulator.journal.entries().length;
  const posture = await wiz.posture(known(machine));
  const sent = simulator.journal
    .entries()
    .slice(before)
    .filter((e) => e.path === '/graphql');
  assert.equal(sent.length, 2);
  assert.equal(posture.vendorId, vendorId);
  assert.deepEqual(posture.findings, (await wiz.posture({ ...known(machine), vendorId })).findings);
  const { rescanId } = await wiz.requestRescan(known(machine));
  assert.equal(await wiz.rescanStatus(rescanId), 'pending');
});

test('a Google Cloud machine is found by its full name, also where Wiz keeps its self link', async () => {
  const [linked, named] = [google[0], google.find((a) => a.resourceType === 'compute.googleapis.com/Disk')];
  for (const asset of [linked, named])
    assert.equal((await wiz.posture(known(asset))).vendorId, uuid(estate.seed, asset?.name ?? ''));
  const page = await wiz.listAssets({
    accountId: linked?.accountId ?? '',
    region: linked?.region ?? '',
    resourceTypes: ['compute.googleapis.com/Instance'],
    cursor: null,
    pageSize: 500,
  });
  assert.ok(
    page.assets.some((a) => a.assetKey === linked?.assetKey),
    'the inventory reads it as well',
  );
});

test('every spelling asked for reads back as the asset key', () => {
  const keys = google.map((a) => a.assetKey);
  assert.ok(keys.some((key) => key.startsWith('//cloudsql.')));
  for (const key of [...keys, machine.assetKey])
    for (const spelling of spellingsOf(key)) assert.equal(valueOf(assetKeyOf(spelling)), key, spelling);
});

test('Azure is found in lower case; in capitals it reads as the same asset, but cannot be asked for', async () => {
  const azure = estate.assets.find((a) => a.assetKey.startsWith('/subscriptions/'));
  const key = azure?.assetKey.toLowerCase() ?? '';
  const vendorId = uuid(estate.seed, azure?.name ?? '');
  assert.equal((await wiz.posture({ ...known(azure, key), vendorId })).vendorId, vendorId);
  await assert.rejects(wiz.posture(known(azure, key)), (e) => isProviderError(e, 'not-found'));
  const tidy = await startWiz({ estate: { ...base, assets: inCloud('azure', base.assets) } });
  assert.equal((await tidy.wiz.posture(known(azure, key))).vendorId, vendorId);
});

test('what still exists counts before what is deleted, the last seen before the rest', async () => {
  answer([
    row('gone', { deletedAt: '2026-01-03T00:00:00Z', lastSeen: '2026-01-03T00:00:00Z' }),
    row('old', { lastSeen: '2026-01-01T00:00:00Z' }),
    row('new', { lastSeen: '2026-01-02T00:00:00Z' }),
  ]);
  assert.equal(await idAskedFor(), 'new');
  answer([row('gone', { deletedAt: '2026-01-03T00:00:00Z' })]);
  assert.equal(await idAskedFor(), 'gone');
});

test('never seen is not-found; other resources than the one asked for, or too many, are not trusted', async () => {
  const unseen = known(machine, machine.assetKey.replace(/i-[0-9a-f]+$/, `i-${'e'.repeat(17)}`));
  for (const ask of [() => wiz.posture(unseen), () => wiz.requestRescan(unseen)])
    await assert.rejects(ask, (e) => isProviderError(e, 'not-found'));
  answer([{ id: 'x', providerUniqueId: `${machine.assetKey}0` }]);
  await assert.rejects(wiz.posture(known(machine)), (e) => isProviderError(e, 'malformed'));
  answer([row('x')], 'more');
  await assert.rejects(wiz.posture(known(machine)), (e) => isProviderError(e, 'malformed'));
});

test('as second of several CNAPPs it is asked by key', async () => {
  const both = combineCnapps({
    sources: [{ ...wiz, vendor: 'orca' }, wiz],
    memory: { recall: async () => null, remember: async () => undefined } as never,
    implausibleBelow: 0,
  });
  const vendorId = `orca:${uuid(estate.seed, machine.name)}`;
  assert.ok((await both.posture({ ...known(machine), vendorId })).findings.length > 0);
});
