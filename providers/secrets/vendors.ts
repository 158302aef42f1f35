import { vendorsOf } from '../vendor.ts';
import type { AwsSecretsManager as AwsSecretsManagerStore } from './aws-secrets-manager/index.ts';
import { AwsSecretsManager } from './aws-secrets-manager/section.ts';
import type { Vault as VaultStore } from './vault/index.ts';
import { Vault } from './vault/section.ts';

export interface SecretStoreParts {
  /** Resolves `env:` and `file:`: what opens a store cannot be in it. */
  readonly local: (reference: string) => Promise<string>;
  readonly warn: (message: string) => void;
  /** One endpoint for every AWS API; null is AWS itself. */
  readonly awsEndpoint: string | null;
}

/** Every store of secrets beside the environment and files: there is one for each section of `secrets`. */
export const SECRET_STORES = {
  vault: vendorsOf<SecretStoreParts, VaultStore>().vendor(Vault, async (config, { local, warn }) =>
    (await import('./vault/index.ts')).createVault({ config, local, warn }),
  ),
  awsSecretsManager: vendorsOf<SecretStoreParts, AwsSecretsManagerStore>().vendor(
    AwsSecretsManager,
    async (config, { local, awsEndpoint }) =>
      (await import('./aws-secrets-manager/index.ts')).createAwsSecretsManager({
        config,
        endpoint: awsEndpoint,
        local,
      }),
  ),
};
