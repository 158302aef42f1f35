import { z } from 'zod';
import { AssetRef } from '../../../schemas/asset.ts';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { KnownAsset, RescanStatus } from '../../../ports/cnapp.ts';
import { createCache } from './cache.ts';
import { failure } from './errors.ts';
import { textAt } from './fields.ts';
import { findAsset } from './lookup.ts';
import { readPage } from './paging.ts';
import { filtersOf, READ_INVENTORY, type Reader } from './reading.ts';
import { CSP, cloudOf } from './resource-types.ts';
import { type Span, searchCall } from './search.ts';

/** What a rescan id says: which asset, and since when newer data is waited for. */
const Asked = AssetRef.extend({ vendorId: z.string().nullable(), since: z.number().int().positive() });

export interface Rescans {
  request(asset: KnownAsset): Promise<{ rescanId: string }>;
  status(rescanId: string): Promise<RescanStatus>;
}

const SCAN = 'Inventory/scan';
const permission = 'start and watch inventory scans';
const STATUS: Readonly<Record<string, RescanStatus>> = {
  pending: 'pending',
  scanning: 'running',
  available: 'running',
};

/**
 * The vendor scans a whole cloud and says only that it is done, not what it looked at. Proof is therefore its own data: a row
 * of the asset collected after the request, or a collection of the account after it in which the asset is no more.
 */
export function createRescans(reader: Reader & { readonly clock: () => number }): Rescans {
  const { client, config, clock } = reader;
  const states = createCache<RescanStatus>(config.scanPoll, clock);

  const stateOf = (csp: string) =>
    states(csp, async () => {
      const answer = await client.call({ method: 'GET', path: `${SCAN}?csp=${csp}`, permission });
      const word = textAt(answer, 'data.status') ?? '';
      const status = STATUS[word];
      if (!status) {
        const found = word === '' ? 'missing' : `"${word}"`;
        throw failure(SCAN, Kind.Malformed, `data.status is ${found}: it must be scanning, pending or available`);
      }
      return word === 'available' ? 'succeeded' : status;
    });

  return {
    request: async (asset) => {
      const now = clock();
      const before = await findAsset(reader, asset, { from: now - config.window, to: now });
      if (before === null)
        throw failure(SCAN, Kind.NotFound, `no collection in cnapp.lacework.window has seen ${asset.assetKey}`);
      if (config.requestScans)
        await client.call({ method: 'POST', path: `${SCAN}?csp=${CSP[cloudOf(asset.accountId)]}`, permission });
      const asked: z.infer<typeof Asked> = { ...AssetRef.parse(asset), vendorId: before.asset.vendorId, since: now };
      return { rescanId: Buffer.from(JSON.stringify(asked)).toString('base64url') };
    },
    status: async (rescanId) => {
      const asked = read(rescanId);
      const scan = config.requestScans ? await stateOf(CSP[cloudOf(asked.accountId)]) : 'succeeded';
      if (scan !== 'succeeded') return scan;
      const span = { from: Math.max(asked.since, clock() - config.window), to: Math.max(clock(), asked.since + 1) };
      const found = await findAsset(reader, asked, span);
      if (found !== null) return Date.parse(found.collectedAt) > asked.since ? 'succeeded' : 'running';
      return (await collectedSince(reader, asked, span)) ? 'succeeded' : 'running';
    },
  };
}

/** Whether anything of the account was collected after the request. Without that, an absent row says nothing. */
async function collectedSince(reader: Reader, asked: z.infer<typeof Asked>, span: Span): Promise<boolean> {
  const query = { accountId: asked.accountId, region: null, resourceTypes: [asked.resourceType] };
  const [account] = filtersOf(query, reader.config);
  const call = searchCall({
    path: 'Inventory/search',
    permission: READ_INVENTORY,
    span,
    filters: account === undefined ? [] : [account],
    more: { csp: CSP[cloudOf(asked.accountId)], returns: ['urn', 'endTime'] },
  });
  const { rows } = await readPage(reader.client, call);
  return rows.some((row) => Date.parse(textAt(row, 'endTime') ?? '') > asked.since);
}

function read(rescanId: string): z.infer<typeof Asked> {
  try {
    return Asked.parse(JSON.parse(Buffer.from(rescanId, 'base64url').toString()));
  } catch {
    throw failure(SCAN, Kind.NotFound, 'this rescan id was not given out by this client');
  }
}
