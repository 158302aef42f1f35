import type { ServiceNow } from './section.ts';
import { ProviderErrorKind } from '../../ports/errors.ts';
import type { SecretsPort } from '../../ports/secrets.ts';
import { type Authoriser, basic, bySecret, byToken } from '../http/auth.ts';
import type { HttpClient } from '../http/client.ts';
import { requestToken } from '../http/oauth.ts';
import { createTokenCache } from '../http/tokens.ts';
import { serviceNowError, TOKEN_OPERATION } from './errors.ts';

export interface AuthoriserDeps {
  readonly config: ServiceNow;
  readonly secrets: SecretsPort;
  readonly http: HttpClient;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Basic, or a token of the instance's own OAuth endpoint. */
export function createAuthoriser({ config, secrets, http, clock }: AuthoriserDeps): Authoriser {
  const secret = async (field: 'username' | 'password' | 'clientId' | 'clientSecret') => {
    const reference = config[field];
    if (reference === undefined)
      throw serviceNowError(ProviderErrorKind.Terminal, TOKEN_OPERATION, {
        message: `servicenow.${field} is missing; grant "${config.grant}" needs it`,
      });
    return secrets.resolve(reference);
  };
  if (config.grant === 'basic')
    return bySecret(
      async () => basic(await secret('username'), await secret('password')),
      (value) => ({ authorization: value }),
    );
  const ask = async () => {
    const client = { client_id: await secret('clientId'), client_secret: await secret('clientSecret') };
    const user =
      config.grant === 'password' ? { username: await secret('username'), password: await secret('password') } : {};
    const form = { grant_type: config.grant, ...client, ...user };
    const request = { provider: 'servicenow', operation: TOKEN_OPERATION, field: 'servicenow.instanceUrl', form };
    return requestToken(http, { ...request, path: '/oauth_token.do' });
  };
  return byToken(createTokenCache({ clock, ask }));
}
