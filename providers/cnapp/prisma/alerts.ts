import { z } from 'zod';
import type { Readings } from '../../../ports/rows.ts';
import { parseRow, readRows, textOf } from '../../rows.ts';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { CspmClient } from './cspm-client.ts';
import { failure, firstProblem, VENDOR } from './errors.ts';
import { LooseFlag, LooseList, LooseMoment, LooseText } from './rows.ts';

const Policy = z.object({
  policyId: LooseText,
  name: LooseText,
  policyType: LooseText,
  policySubTypes: LooseList,
  severity: LooseText,
  labels: LooseList,
  restrictAlertDismissal: LooseFlag,
});

/** One alert. Only an alert without an id cannot be used. */
export const Alert = z.object({
  id: z.string({ error: 'must be the id of the alert' }).min(1),
  status: LooseText,
  reason: LooseText,
  firstSeen: LooseMoment,
  lastSeen: LooseMoment,
  lastUpdated: LooseMoment,
  dismissalNote: LooseText,
  policyId: LooseText,
  policy: Policy.nullish().catch(null),
  resource: z
    .object({
      id: LooseText,
      accountId: LooseText,
      regionId: LooseText,
      resourceApiName: LooseText,
      unifiedAssetId: LooseText,
      data: z.unknown().optional(),
      additionalInfo: z.unknown().optional(),
    })
    .nullish()
    .catch(null),
});
export type Alert = z.infer<typeof Alert>;

const Page = z.object({ items: z.array(z.unknown()).nullable(), nextPageToken: z.string().nullish() });
const PAGE_SIZE = 1000;

/** Every alert that fits all the filters, of all time, with the details of its policy; row by row. */
export async function readAlerts(
  cspm: CspmClient,
  filters: Readonly<Record<string, string>>,
  maxPages: number,
): Promise<Readings<Alert>> {
  const body = {
    filters: Object.entries(filters).map(([name, value]) => ({ name, operator: '=', value })),
    timeRange: { type: 'to_now', value: 'epoch' },
    limit: PAGE_SIZE,
  };
  const items: unknown[] = [];
  const seen = new Set<string>();
  for (let pageToken: string | null = null; ; ) {
    const answer = await cspm.call({
      operation: 'alerts',
      path: '/v2/alert?detailed=true',
      body: pageToken === null ? body : { ...body, pageToken },
    });
    const page = Page.safeParse(answer);
    if (!page.success) throw failure('alerts', Kind.Malformed, firstProblem(page.error));
    items.push(...(page.data.items ?? []));
    pageToken = page.data.nextPageToken || null;
    if (pageToken === null) return readAlertRows(items);
    if (seen.has(pageToken) || seen.size >= maxPages)
      throw failure('alerts', Kind.Malformed, `a list that does not end after ${seen.size + 1} pages`);
    seen.add(pageToken);
  }
}

/** One alert by its id; `not-found` when there is none. */
export async function readOneAlert(cspm: CspmClient, id: string): Promise<Alert> {
  const path = `/alert/${encodeURIComponent(id)}?detailed=true`;
  return readAlert('alert', await cspm.call({ operation: 'alert', path }));
}

export function readAlertRows(items: readonly unknown[]): Readings<Alert> {
  const read = (node: unknown) => readAlert('alerts', node);
  return readRows(items, { provider: VENDOR, operation: 'alerts', read, idOf: (node) => textOf(node, 'policyId') });
}

function readAlert(operation: string, node: unknown): Alert {
  return parseRow(Alert, node, { provider: VENDOR, operation });
}
