import type { CostCloudHealth } from '../../../config/cost-cloudhealth.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { createShared } from '../shared/once.ts';

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken?: string | null | undefined;
}

export interface SessionOptions {
  readonly config: CostCloudHealth;
  readonly secrets: SecretsPort;
  readonly clock: () => number;
  /** Exchanges the API key for tokens, the customer's where there is one. Throws ProviderError. */
  login(apiKey: string): Promise<Tokens>;
}

/** The access token of the GraphQL gateway. Its lifetime is nowhere promised, so it is renewed early and when refused. */
export function createSession({ config, secrets, clock, login }: SessionOptions) {
  const shared = createShared<string>();
  let current: { token: string; until: number } | null = null;
  return {
    token(): Promise<string> {
      if (current && clock() < current.until) return Promise.resolve(current.token);
      return shared.run('login', async () => {
        const { accessToken } = await login(await secrets.resolve(config.apiKey));
        current = { token: accessToken, until: clock() + config.tokenFor };
        return accessToken;
      });
    },
    /** Forgets the token that was refused, unless another has taken its place. */
    refused(token: string): void {
      if (current?.token === token) current = null;
    },
  };
}
