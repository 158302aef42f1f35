import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import { byToken } from '../../http/auth.ts';
import { ofShape, readBody } from '../../http/body.ts';
import { createHttpClient } from '../../http/client.ts';
import { createTokenCache } from '../../http/tokens.ts';
import { type ClientDeps, type CspmClient, keysOf } from './cspm-client.ts';
import { failure, HINTS, VENDOR } from './errors.ts';

export interface ComputeClient {
  /** One page of a list, at most 50 rows. */
  page(operation: string, path: string, query: ListQuery): Promise<ComputePage>;
  /** Every row of a list, up to `maxPages` pages. */
  all(operation: string, path: string, query: ListQuery): Promise<readonly unknown[]>;
  /** An order without a body; the answer is empty. */
  post(operation: string, path: string): Promise<void>;
}
export type ListQuery = Readonly<Record<string, string>>;
export interface ComputePage {
  readonly rows: readonly unknown[];
  /** Null on the last page. */
  readonly nextOffset: number | null;
}

export const COMPUTE_PAGE = 50;
const Token = z.object({ token: z.string().min(1) });
const Meta = z.object({ twistlockUrl: z.string().min(1) });
const FIELD = 'cnapp.prisma.computeUrl';

/** The Compute API, at the console path the platform names unless one is configured. Its token is another than the CSPM's. */
export function createComputeClient(deps: ClientDeps, cspm: CspmClient, maxPages: number): ComputeClient {
  const { config, secrets, clock = Date.now } = deps;
  let base: Promise<string> | undefined;

  const findBase = async (): Promise<string> => {
    const url = config.computeUrl ?? consolePath(await cspm.call({ operation: 'meta-info', path: '/meta_info' }));
    // The access key goes there: never over a weaker transport than the one that was configured.
    if (config.apiUrl.startsWith('https:') && !url.startsWith('https:'))
      throw failure('meta-info', Kind.Terminal, 'the Compute console must be https; set cnapp.prisma.computeUrl');
    return `${url.replace(/\/+$/, '')}${config.computePath.replace(/\/+$/, '')}`;
  };
  const baseUrl = (): Promise<string> => {
    base ??= findBase().catch((error: unknown) => {
      base = undefined;
      throw error;
    });
    return base;
  };

  const common = { ...deps, hints: HINTS, base: baseUrl, field: FIELD, timeoutMs: config.timeout };
  const anonymous = createHttpClient(common);
  const login = async () => {
    const operation = 'authenticate';
    const body = await anonymous.json({
      operation,
      path: '/authenticate',
      body: await keysOf(config, secrets),
      repeatable: true,
    });
    const { token } = ofShape(Token, body, { provider: VENDOR, operation, field: FIELD });
    return { token, lifeMs: config.computeTokenLifetime };
  };
  const http = createHttpClient({
    ...common,
    maxConcurrent: config.maxConcurrent,
    auth: byToken(createTokenCache({ clock, ask: login, earlyMs: Infinity })),
  });

  const page: ComputeClient['page'] = async (operation, path, query) => {
    const offset = Number(query['offset'] ?? 0);
    const search = { limit: String(COMPUTE_PAGE), offset: '0', ...query };
    const answer = await http.send({ operation, path, query: search });
    const body = readBody(answer, { provider: VENDOR, operation, field: FIELD });
    // An empty list may come as null.
    if (body !== null && !Array.isArray(body))
      throw failure(operation, Kind.Malformed, `the answer must be a list; check ${FIELD}`);
    const rows: readonly unknown[] = body ?? [];
    const total = Number(answer.headers.get('total-count') ?? Number.NaN);
    const next = offset + rows.length;
    const more = rows.length > 0 && (Number.isFinite(total) ? next < total : rows.length >= COMPUTE_PAGE);
    return { rows, nextOffset: more ? next : null };
  };

  return {
    page,
    all: async (operation, path, query) => {
      const rows: unknown[] = [];
      let offset: number | null = 0;
      for (let pages = 0; offset !== null; pages++) {
        if (pages >= maxPages) throw failure(operation, Kind.Malformed, `more than ${maxPages} pages`);
        const read: ComputePage = await page(operation, path, { ...query, offset: String(offset) });
        rows.push(...read.rows);
        offset = read.nextOffset;
      }
      return rows;
    },
    post: async (operation, path) => void (await http.send({ operation, path, method: 'POST' })),
  };
}

function consolePath(answer: unknown): string {
  const parsed = Meta.safeParse(answer);
  if (parsed.success && URL.canParse(parsed.data.twistlockUrl)) return parsed.data.twistlockUrl;
  throw failure(
    'meta-info',
    Kind.Terminal,
    'twistlockUrl is no URL: this tenant has no Compute; set cnapp.prisma.computeUrl, or compute to false',
  );
}
