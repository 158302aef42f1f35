import { type AzureTokens, byAzureToken } from '../../azure-auth/index.ts';
import { isProviderError, ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import { safeBase } from '../../http/address.ts';
import { mayPass } from '../../http/again.ts';
import { createHttpClient } from '../../http/client.ts';
import type { HttpDeps } from '../../http/deps.ts';
import { failure, HINTS, VENDOR } from './errors.ts';
import type { CostBody } from './query.ts';
import { type Page, parsePage } from './table.ts';

/** A thousand pages are five million rows: more is a link that leads in circles. */
const MAX_PAGES = 1_000;
/** How long an unfinished answer may be taken up again. */
const KEEP_PROGRESS_MS = 30 * 60_000;

export interface CostQuery {
  readonly subscription: string;
  readonly body: CostBody;
  readonly needed: readonly string[];
}

export interface Answer {
  readonly pages: readonly Page[];
  /** Requests made for it now, refused ones included. */
  readonly requests: number;
}

export interface CostClient {
  /** All pages of one query. @throws ProviderError */
  ask(query: CostQuery, patience: Patience): Promise<Answer>;
  /** Lets go of what was kept of this subscription, once all of its queries are answered. */
  done(subscription: string): void;
}

/** What is left of the time that may be spent on waiting out quotas; shared by the queries of one account. */
export interface Patience {
  leftMs: number;
}

export interface CostClientOptions extends HttpDeps {
  readonly apiUrl: string;
  readonly apiVersion: string;
  readonly scope: string;
  readonly timeoutMs: number;
  readonly tokens: AzureTokens;
}

interface Progress {
  readonly pages: Page[];
  next: URL | null;
  readonly since: number;
}

/**
 * The query operation over plain HTTP. A quota is waited out while patience lasts. Pages are kept until `done`, so that the
 * next attempt goes on where this one stopped instead of spending the quota on the same pages again.
 */
export function createCostClient(options: CostClientOptions): CostClient {
  const { tokens, clock = Date.now, apiVersion, timeoutMs, scope } = options;
  const at = { provider: VENDOR, field: 'cost.azure.apiUrl' };
  const base = safeBase(options.apiUrl, at);
  const http = createHttpClient({
    ...options,
    hints: {
      ...HINTS,
      // A role that was given a moment ago is not known everywhere yet.
      passing: (error, said) => mayPass(error, said) || /^(AuthorizationFailed|RBACAccessDenied)\b/.test(said),
    },
    base,
    field: at.field,
    timeoutMs,
    // The quota is the tenant's: asking side by side only uses it up sooner.
    maxConcurrent: 1,
    auth: byAzureToken(tokens, scope),
    headers: { clienttype: 'idlewise' },
    retry: { attempts: 1, longestWaitMs: Number.POSITIVE_INFINITY },
  });
  const kept = new Map<string, Map<string, Progress>>();

  const read = async (
    query: CostQuery,
    progress: Progress,
    how: { patience: Patience; sent: () => void },
  ): Promise<void> => {
    const { subscription, body, needed } = query;
    while (progress.next !== null) {
      const url = progress.next;
      const needs = `the subscription ${subscription}`;
      const answer = await http.send({ operation: 'query', path: url.href, body, needs, repeatable: true, ...how });
      if (answer.status === 204) {
        progress.next = null;
        return;
      }
      const page = parsePage(answer.text, needed);
      progress.next = nextOf(page.nextLink, { base, seen: progress.pages.length, last: url });
      progress.pages.push(page);
    }
  };

  return {
    async ask(query, patience) {
      const first = new URL(
        `${base}/subscriptions/${encodeURIComponent(query.subscription)}/providers/Microsoft.CostManagement/query`,
      );
      first.searchParams.set('api-version', apiVersion);
      const key = JSON.stringify(query.body);
      const own = kept.get(query.subscription) ?? new Map<string, Progress>();
      kept.set(query.subscription, own);
      const begin = (): Progress => {
        const fresh = { pages: [], next: first, since: clock() };
        own.set(key, fresh);
        return fresh;
      };
      const known = own.get(key);
      let progress = known && clock() - known.since < KEEP_PROGRESS_MS ? known : begin();
      let requests = 0;
      for (;;) {
        try {
          await read(query, progress, { patience, sent: () => requests++ });
          return { pages: progress.pages, requests };
        } catch (error) {
          // A link that has grown old is refused: then the answer is read from its beginning.
          if (!isProviderError(error, Kind.Terminal) || requests > 1 || progress.pages.length === 0) throw error;
          progress = begin();
        }
      }
    },
    done: (subscription) => void kept.delete(subscription),
  };
}

/** The token goes to the API and nowhere else, whatever a link says. */
function nextOf(link: string | null, at: { base: string; seen: number; last: URL }): URL | null {
  if (link === null || link === '') return null;
  const malformed = (message: string) => failure({ operation: 'query', kind: Kind.Malformed, message });
  const url = URL.parse(link);
  if (url === null || url.origin !== new URL(at.base).origin)
    throw malformed(`nextLink leads to ${url?.origin ?? 'no address'}; only ${at.base} is asked`);
  if (url.href === at.last.href) throw malformed('nextLink leads to the same page again');
  if (at.seen >= MAX_PAGES) throw malformed(`still another page after ${MAX_PAGES}`);
  return url;
}
