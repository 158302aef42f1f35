import type { Pipeline, PipelinePolicy } from '@azure/core-rest-pipeline';
import type { AzureTokens } from '../../azure-auth/index.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';

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
      const response = await next(request);
      if (response.status !== 401 || !renew) return response;
      tokens.discard(token.token);
      request.headers.set('authorization', `Bearer ${(await tokens.getToken(scope)).token}`);
      return next(request);
    },
  };
}

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
