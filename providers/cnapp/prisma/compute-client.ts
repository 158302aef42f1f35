import pLimit from 'p-limit';
import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { ClientDeps, CspmClient } from './cspm-client.ts';
import { failure, httpFailure } from './errors.ts';
import { createTokenSource } from './token-source.ts';
import { readJson, send } from './transport.ts';

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

/** The Compute API, at the console path the platform names unless one is configured. Its token is another than the CSPM's. */
export function createComputeClient(
  { config, secrets, transport }: ClientDeps,
  cspm: CspmClient,
  maxPages: number,
): ComputeClient {
  const limit = pLimit(config.maxConcurrent);
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

  const login = async (): Promise<string> => {
    const operation = 'authenticate';
    const [username, password] = await Promise.all([
      secrets.resolve(config.accessKeyId),
      secrets.resolve(config.secretKey),
    ]);
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify({ username, password }) };
    const response = await send(transport, { operation, url: `${await baseUrl()}/authenticate`, init });
    if (!response.ok) throw httpFailure(operation, response);
    const parsed = Token.safeParse(await readJson(operation, response));
    if (!parsed.success)
      throw failure(operation, Kind.Malformed, 'the answer has no token (text); check cnapp.prisma.computeUrl');
    return parsed.data.token;
  };
  const tokens = createTokenSource({ lifetimeMs: config.computeTokenLifetime, clock: transport.clock, login });

  const exchange = async (operation: string, path: string, method: string): Promise<Response> => {
    const attempt = async () => {
      const token = await tokens.get();
      const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
      const url = `${await baseUrl()}${path}`;
      const response = await send(transport, { operation, url, init: { method, headers } });
      if (response.status === 401) tokens.discard(token);
      return response;
    };
    let response = await attempt();
    if (response.status === 401) response = await attempt();
    if (!response.ok) throw httpFailure(operation, response);
    return response;
  };

  const page: ComputeClient['page'] = (operation, path, query) =>
    limit(async () => {
      const offset = Number(query['offset'] ?? 0);
      const search = new URLSearchParams({ limit: String(COMPUTE_PAGE), offset: '0', ...query });
      const response = await exchange(operation, `${path}?${search}`, 'GET');
      const body = await readJson(operation, response);
      // An empty list may come as null.
      if (body !== null && !Array.isArray(body))
        throw failure(operation, Kind.Malformed, 'the answer must be a list; check cnapp.prisma.computeUrl');
      const rows: readonly unknown[] = body ?? [];
      const total = Number(response.headers.get('total-count') ?? Number.NaN);
      const next = offset + rows.length;
      const more = rows.length > 0 && (Number.isFinite(total) ? next < total : rows.length >= COMPUTE_PAGE);
      return { rows, nextOffset: more ? next : null };
    });

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
    post: (operation, path) => limit(async () => void (await exchange(operation, path, 'POST'))),
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
