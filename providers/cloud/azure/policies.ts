import { setTimeout as delay } from 'node:timers/promises';
import type { Pipeline, PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import { z } from 'zod';
import type { AzureTokens } from '../../azure-auth/index.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import { PAUSES_MS } from '../../http/again.ts';
import { jsonOf } from '../../http/failure.ts';

export interface Authority {
  readonly tokens: AzureTokens;
  readonly scope: string;
  /** Base URL that may see the token; links to anywhere else are refused. */
  readonly base: string;
  /** A token that was refused is replaced once. Not for changes: their token is named in the trail. */
  readonly renew: boolean;
}

/**
 * The SDK's own policy refuses every URL that is not https, also on loopback; the configuration was checked for that already.
 * Redirects are not followed.
 */
export function secure(pipeline: Pipeline, authority: Authority): void {
  pipeline.removePolicy({ name: 'bearerTokenAuthenticationPolicy' });
  pipeline.removePolicy({ name: 'redirectPolicy' });
  pipeline.addPolicy(authorisation(authority), { phase: 'Sign' });
}

function authorisation({ tokens, scope, base, renew }: Authority): PipelinePolicy {
  const { host } = new URL(base);
  return {
    name: 'idlewiseAuthorisation',
    async sendRequest(request, next) {
      if (new URL(request.url).host !== host)
        throw new ProviderError({
          kind: ProviderErrorKind.Malformed,
          provider: 'azure',
          operation: 'follow a link',
          message: `an answer of ${host} led to another host; the token was not sent there, check armUrl`,
        });
      const token = await tokens.getToken(scope);
      request.headers.set('authorization', `Bearer ${token.token}`);
      let response = await next(request);
      if (!renew) return response;
      if (response.status === 401) {
        tokens.discard(token.token);
        request.headers.set('authorization', `Bearer ${(await tokens.getToken(scope)).token}`);
        response = await next(request);
      }
      for (const pause of PAUSES_MS) {
        if (request.method !== 'GET' || !isPassing(response)) break;
        await delay(pause);
        response = await next(request);
      }
      return response;
    },
  };
}

/**
 * What a read is asked again for: a conflict with a change under way, a subscription that is not known everywhere yet, a refusal
 * without a reason. A resource that is not there is an answer.
 */
function isPassing({ status, bodyAsText }: PipelineResponse): boolean {
  const code = Refusal.safeParse(jsonOf(bodyAsText ?? '')).data?.error.code;
  if (status === 404) return code === undefined || code === 'SubscriptionNotFound';
  return status === 409 || (status === 400 && code === undefined);
}

const Refusal = z.object({ error: z.object({ code: z.string().optional() }) });

/** Headers of every request. */
export function outgoing(headers: Readonly<Record<string, string>>): PipelinePolicy {
  return {
    name: 'idlewiseOutgoing',
    sendRequest(request, next) {
      for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
      return next(request);
    },
  };
}
