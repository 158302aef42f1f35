import { z } from 'zod';
import type { Readings } from '../../../../ports/rows.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import { readRows, textOf } from '../../../rows.ts';
import type { GcpSession } from '../clients.ts';
import { linkOf } from '../ids.ts';
import { OptionalText, parseGoogle } from './parse.ts';

const Answer = z.object({ entries: z.array(z.unknown()).nullish() });
const Entry = z.object({
  protoPayload: z
    .object({
      methodName: OptionalText,
      authenticationInfo: z.object({ principalEmail: OptionalText }).nullish(),
    })
    .nullish(),
});
const OPERATION = 'logging.logEntries.list';
/** Admin activity is kept this long, and cannot be switched off. */
const DAYS = 400;
const DAY_MS = 86_400_000;

/** Entries of the audit log. One that cannot be read is one that does not say who created the asset. */
export function readEntries(nodes: readonly unknown[]): Readings<z.infer<typeof Entry>> {
  return readRows(nodes, {
    provider: 'gcp',
    operation: OPERATION,
    read: (node) => parseGoogle(Entry, node, OPERATION),
    idOf: (node) => textOf(node, 'insertId'),
  });
}

/** Who created the asset, as the audit log names them; null when it no longer says. Throws ProviderError. */
export async function lookUpCreator(session: GcpSession, asset: AssetRef, now: number): Promise<string | null> {
  const { accountId, assetKey } = asset;
  const filter = [
    `logName="projects/${accountId}/logs/cloudaudit.googleapis.com%2Factivity"`,
    `protoPayload.resourceName="${linkOf(assetKey)}"`,
    'protoPayload.methodName=~"(insert|create)$"',
    `timestamp>="${new Date(now - DAYS * DAY_MS).toISOString()}"`,
  ].join(' AND ');
  const answer = await session.call('logging', {
    operation: OPERATION,
    path: '/v2/entries:list',
    body: { resourceNames: [`projects/${accountId}`], filter, orderBy: 'timestamp desc', pageSize: 10 },
  });
  const { rows: entries } = readEntries(parseGoogle(Answer, answer, OPERATION).entries ?? []);
  const created = entries.find((entry) => entry.protoPayload?.authenticationInfo?.principalEmail);
  return created?.protoPayload?.authenticationInfo?.principalEmail ?? null;
}
