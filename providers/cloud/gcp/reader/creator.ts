import { z } from 'zod';
import type { AssetHistory } from '../../../../ports/cloud.ts';
import type { Readings } from '../../../../ports/rows.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import { readRows, textOf } from '../../../rows.ts';
import type { GcpSession } from '../clients.ts';
import { linkOf } from '../ids.ts';
import { OptionalText, parseGoogle } from './parse.ts';

const Answer = z.object({ entries: z.array(z.unknown()).nullish(), nextPageToken: OptionalText });
const Entry = z.object({
  protoPayload: z
    .object({
      methodName: OptionalText,
      /** Of a call that failed. */
      status: z.object({ code: z.number().nullish() }).nullish(),
      authenticationInfo: z.object({ principalEmail: OptionalText }).nullish(),
    })
    .nullish(),
});
type Entry = z.infer<typeof Entry>;
/** What changes an asset is rare; more than one page of it is not read. */
const PAGE = 200;
const OPERATION = 'logging.logEntries.list';
/** Admin activity is kept this long, and cannot be switched off. */
const DAYS = 400;
const DAY_MS = 86_400_000;

/** Entries of the audit log. */
export function readEntries(nodes: readonly unknown[]): Readings<Entry> {
  return readRows(nodes, {
    provider: 'gcp',
    operation: OPERATION,
    read: (node) => parseGoogle(Entry, node, OPERATION),
    idOf: (node) => textOf(node, 'insertId'),
  });
}

const CREATION = /(?:insert|create)$/i;

/** What the audit log of the last 400 days says of who made it and who may have changed its labels. Throws ProviderError. */
export async function lookUpHistory(session: GcpSession, asset: AssetRef, now: number): Promise<AssetHistory> {
  const { accountId, assetKey } = asset;
  const filter = [
    `logName="projects/${accountId}/logs/cloudaudit.googleapis.com%2Factivity"`,
    `protoPayload.resourceName="${linkOf(assetKey)}"`,
    'protoPayload.methodName=~"(insert|create|setLabels|update|patch)$"',
    `timestamp>="${new Date(now - DAYS * DAY_MS).toISOString()}"`,
  ].join(' AND ');
  const answer = parseGoogle(
    Answer,
    await session.call('logging', {
      operation: OPERATION,
      path: '/v2/entries:list',
      body: { resourceNames: [`projects/${accountId}`], filter, orderBy: 'timestamp desc', pageSize: PAGE },
    }),
    OPERATION,
  );
  const { rows, rejected } = readEntries(answer.entries ?? []);
  const who = (entry: Entry) => entry.protoPayload?.authenticationInfo?.principalEmail ?? null;
  const setters = rows.filter((entry) => !entry.protoPayload?.status?.code).map(who);
  const whole = rejected.length === 0 && !answer.nextPageToken && !setters.includes(null);
  const created = rows.find((entry) => CREATION.test(entry.protoPayload?.methodName ?? '') && who(entry) !== null);
  return {
    creator: created ? who(created) : null,
    tagSetters: whole ? [...new Set(setters.filter((s) => s !== null))] : null,
  };
}
