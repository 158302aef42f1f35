import pLimit from 'p-limit';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import { failure, httpFailure, waitFrom } from './errors.ts';
import { partOf, type RateGate } from './rate.ts';
import type { Lacework } from './section.ts';
import type { TokenSource } from './token.ts';
import { messageOf, readJson, send, type Transport } from './transport.ts';

export interface Call {
  readonly method: 'GET' | 'POST';
  /** Below `/api/v2/`, e.g. `Inventory/search`; or an absolute address the vendor gave for the next page. */
  readonly path: string;
  readonly body?: unknown;
  /** What the role of the API key must allow for this call, in words for a person. */
  readonly permission: string;
}

export interface LaceworkClient {
  /** The body of an answer, null for "no data" (204). Throws ProviderError. */
  call(call: Call): Promise<unknown>;
}

/** HTTP with a token, a bound on requests at once and on requests an hour. */
export function createLaceworkClient(parts: {
  readonly config: Lacework;
  readonly tokens: TokenSource;
  readonly gate: RateGate;
  readonly transport: Transport;
}): LaceworkClient {
  const { config, tokens, gate, transport } = parts;
  const { rateHeaders } = config.names;
  const base = `${config.apiUrl.replace(/\/+$/, '')}/api/v2/`;
  const limit = pLimit(config.maxConcurrent);
  const scope = {
    ...(config.subAccount === null ? {} : { 'account-name': config.subAccount }),
    ...(config.orgAccess === null ? {} : { 'org-access': String(config.orgAccess) }),
  };

  const attempt = async (call: Call, url: string, token: string): Promise<Response> => {
    const path = url.slice(base.length);
    gate.enter(partOf(path), operationOf(path));
    return send(transport, {
      operation: operationOf(path),
      url,
      init: {
        method: call.method,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          ...scope,
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      },
    });
  };

  /** Notes what an answer says of the budget; milliseconds to wait when it was a refusal. */
  const account = (response: Response, part: string): number => {
    const stated = waitFrom(response.headers, rateHeaders.reset, transport.clock());
    if (response.status === 429) return gate.close(part, stated);
    gate.passed(part);
    if (response.headers.get(rateHeaders.remaining)?.trim() === '0') gate.close(part, stated);
    return 0;
  };

  const exchange = async (call: Call): Promise<unknown> => {
    const url = addressOf(base, call.path);
    const operation = operationOf(url.slice(base.length));
    const token = await tokens.get();
    let response = await attempt(call, url, token);
    if (response.status === 401) {
      tokens.discard(token);
      await response.body?.cancel();
      response = await attempt(call, url, await tokens.get());
    }
    const retryAfterMs = account(response, partOf(url.slice(base.length)));
    if (response.ok) return readJson(operation, response);
    throw httpFailure({
      operation,
      permission: call.permission,
      status: response.status,
      message: await messageOf(operation, response),
      retryAfterMs,
    });
  };

  return { call: (call) => limit(() => exchange(call)) };
}

/** A page address that leads to another host would hand it our token. */
function addressOf(base: string, path: string): string {
  if (!/^[a-z]+:\/\//i.test(path)) return base + path;
  if (!path.startsWith(base))
    throw failure('nextPage', Kind.Malformed, `paging.urls.nextPage leads to ${hostOf(path)} instead of ${base}`);
  return path;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'no address';
}

/** `Alerts/4211/comment` → `Alerts/comment`: ids and page marks do not belong into the name of an operation. */
function operationOf(path: string): string {
  const words = (path.split('?')[0] ?? '').split('/');
  return words.filter((word) => /^[A-Za-z]+$/.test(word)).join('/');
}
