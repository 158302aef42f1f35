import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { Call, LaceworkClient } from './client.ts';
import { failure } from './errors.ts';

const Envelope = z.object({
  data: z.array(z.unknown()).nullable(),
  paging: z
    .object({ urls: z.object({ nextPage: z.string().nullish() }).nullish() })
    .nullish()
    .catch(null),
});

export interface Page {
  /** Unread: a bad row must not cost the page. */
  readonly rows: readonly unknown[];
  /** Absolute address, null on the last page. */
  readonly next: string | null;
}

/** One page of a list. No data (204) is an empty last page. */
export async function readPage(client: LaceworkClient, call: Call): Promise<Page> {
  const body = await client.call(call);
  if (body === null) return { rows: [], next: null };
  const parsed = Envelope.safeParse(body);
  if (!parsed.success)
    throw failure(call.path.split('?')[0] ?? '', Kind.Malformed, 'data must be a list; check cnapp.lacework.apiUrl');
  const next = parsed.data.paging?.urls?.nextPage;
  return { rows: parsed.data.data ?? [], next: next === undefined || next === null || next === '' ? null : next };
}

/** The call that reads on. As in the vendor's own SDK only path and query of the address count, on the host we talk to. */
export function nextCall(call: Call, next: string): Call {
  const { pathname, search } = new URL(next, 'https://lacework.invalid');
  return { method: 'GET', path: `${pathname.replace(/^\/api\/v2\//, '')}${search}`, permission: call.permission };
}

/** A whole list. An address that repeats, or more than `maxPages`, is an error: half a list would look like a safe one. */
export async function readAll(client: LaceworkClient, call: Call, maxPages: number): Promise<unknown[]> {
  const rows: unknown[] = [];
  const seen = new Set<string>();
  let page = await readPage(client, call);
  for (;;) {
    rows.push(...page.rows);
    if (page.next === null) return rows;
    assertNew(seen, page.next, maxPages);
    page = await readPage(client, nextCall(call, page.next));
  }
}

/** Throws when a page was seen before or there are too many of them. */
export function assertNew(seen: Set<string>, next: string, maxPages: number): void {
  if (seen.has(next)) throw failure('nextPage', Kind.Malformed, 'the same page came back a second time');
  seen.add(next);
  if (seen.size >= maxPages)
    throw failure('nextPage', Kind.Malformed, `more than ${maxPages} pages: the list does not end`);
}
