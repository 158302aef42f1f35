import { z } from 'zod';
import type { Config } from '../../config/schema.ts';
import { ProviderErrorKind } from '../../ports/errors.ts';
import type { SecretsPort } from '../../ports/secrets.ts';
import { serviceNowError } from './errors.ts';

const TokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().default(1799),
});
const RENEW_AT = 0.8;

/** Produces the Authorization header. `renew` forgets a token the server has just refused; false means there is none. */
export interface Authoriser {
  header(): Promise<string>;
  renew(refused: string): boolean;
}

export interface AuthoriserDeps {
  readonly config: NonNullable<Config['servicenow']>;
  readonly secrets: SecretsPort;
  /** Posts a form to the instance and returns the JSON answer. */
  readonly postForm: (path: string, form: URLSearchParams) => Promise<unknown>;
  readonly now: () => number;
}

export function createAuthoriser({ config, secrets, postForm, now }: AuthoriserDeps): Authoriser {
  const secret = async (field: 'username' | 'password' | 'clientId' | 'clientSecret') => {
    const reference = config[field];
    if (reference === undefined)
      throw serviceNowError(ProviderErrorKind.Terminal, 'authenticate', {
        message: `servicenow.${field} is missing; grant "${config.grant}" needs it`,
      });
    return secrets.resolve(reference);
  };

  if (config.grant === 'basic') {
    let header: Promise<string> | undefined;
    const build = async () =>
      `Basic ${Buffer.from(`${await secret('username')}:${await secret('password')}`).toString('base64')}`;
    return {
      header: () => {
        // A secret that could not be read now may be readable later: do not keep the failure.
        header ??= build().catch((error) => {
          header = undefined;
          throw error;
        });
        return header;
      },
      renew: () => false,
    };
  }

  let current: { header: string; renewAt: number } | undefined;
  let pending: Promise<string> | undefined;

  const fetchToken = async (): Promise<string> => {
    const form = new URLSearchParams({
      grant_type: config.grant,
      client_id: await secret('clientId'),
      client_secret: await secret('clientSecret'),
    });
    if (config.grant === 'password') {
      form.set('username', await secret('username'));
      form.set('password', await secret('password'));
    }
    const asked = now();
    const parsed = TokenAnswer.safeParse(await postForm('/oauth_token.do', form));
    if (!parsed.success)
      throw serviceNowError(ProviderErrorKind.Malformed, 'authenticate', {
        message: 'token answer has no usable access_token; check the OAuth registry entry',
      });
    const token = parsed.data;
    current = { header: `Bearer ${token.access_token}`, renewAt: asked + token.expires_in * 1000 * RENEW_AT };
    return current.header;
  };

  return {
    header: () => {
      if (current && now() < current.renewAt) return Promise.resolve(current.header);
      pending ??= fetchToken().finally(() => {
        pending = undefined;
      });
      return pending;
    },
    renew: (refused) => {
      if (current?.header === refused) current = undefined;
      return true;
    },
  };
}
