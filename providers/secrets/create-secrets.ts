import { ProviderError, ProviderErrorKind } from '../../ports/errors.ts';
import type { AwsSecretsManager } from './aws-secrets-manager/index.ts';
import type { AwsSecretsManager as AwsSecretsManagerSection } from './aws-secrets-manager/section.ts';
import { readLocal } from './local.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { createShortLived } from './short-lived.ts';
import type { Vault } from './vault/index.ts';
import type { Vault as VaultSection } from './vault/section.ts';
import { SECRET_STORES } from './vendors.ts';

/** The part of the configuration that says where secrets are kept. */
export interface SecretsConfig {
  readonly secrets?:
    | {
        readonly cacheFor: number;
        readonly vault?: VaultSection | undefined;
        readonly awsSecretsManager?: AwsSecretsManagerSection | undefined;
      }
    | undefined;
  readonly aws?: { readonly endpoint: string | null };
}

export interface SecretsOptions {
  /** Asked for on the first reference that needs a store. Without it there are only `env:` and `file:`. */
  readonly config?: SecretsConfig | (() => Promise<SecretsConfig>);
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Told about files that others may read, and of leases that could not be ended. @default process.emitWarning */
  readonly warn?: (message: string) => void;
}

interface Stores {
  readonly vault: Vault | null;
  readonly awsSecretsManager: AwsSecretsManager | null;
  readonly keepMs: number;
}

const KEEP_MS = 300_000;
const VAULT = /^vault:([^/#\s]+)\/([^#\s]+)#([^#\s]+)$/;
const AWS = /^aws-sm:([^#\s]+)(?:#([^#\s]+))?$/;

/** Secrets by the scheme of their reference: environment, files, HashiCorp Vault, AWS Secrets Manager. */
export function createSecrets(options: SecretsOptions = {}): Secrets {
  const { env = process.env, warn = (message) => process.emitWarning(message, 'Secrets') } = options;
  const local = async (reference: string) =>
    readLocal(reference, { env, warn }) ?? refuse('what logs in to a secret store must be env:NAME or file:/path');
  let opened: Promise<Stores> | undefined;
  let values: ReturnType<typeof createShortLived> | undefined;
  const stores = () => {
    opened ??= open(options.config, local, warn).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  const kept = async (reference: string, load: (from: Stores) => Promise<string>) => {
    const from = await stores();
    values ??= createShortLived(from.keepMs);
    return values.get(reference, () => load(from));
  };

  return {
    async resolve(reference) {
      const own = readLocal(reference, { env, warn });
      if (own) return own;
      const [, mount, path, field] = VAULT.exec(reference) ?? [];
      if (mount && path && field)
        return kept(reference, ({ vault }) =>
          (vault ?? notConfigured('vault', 'secrets.vault', `read ${reference}`)).read({
            reference,
            mount,
            path,
            field,
          }),
        );
      const [, name, key] = AWS.exec(reference) ?? [];
      if (name)
        return kept(reference, ({ awsSecretsManager }) =>
          (
            awsSecretsManager ?? notConfigured('aws-secrets-manager', 'secrets.awsSecretsManager', `read ${reference}`)
          ).read({ reference, name, key: key ?? null }),
        );
      // Not quoted: someone may have put the secret itself there.
      return refuse(
        'a secret reference must be env:NAME, file:/path, vault:<mount>/<path>#<field> or aws-sm:<name>#<key>; it was none of them; never write the secret itself',
      );
    },
    async awsLease(request) {
      const { vault } = await stores();
      return (vault ?? notConfigured('vault', 'secrets.vault', `lease ${request.role}`)).awsLease(request);
    },
    async check() {
      const { vault, awsSecretsManager } = await stores();
      return [...(vault ? [await vault.check()] : []), ...(awsSecretsManager ? [await awsSecretsManager.check()] : [])];
    },
    async close() {
      values?.clear();
      const open = await opened?.catch(() => undefined);
      open?.awsSecretsManager?.close();
      await open?.vault?.close();
    },
  };
}

async function open(
  given: SecretsOptions['config'],
  local: (reference: string) => Promise<string>,
  warn: (message: string) => void,
): Promise<Stores> {
  const { secrets, aws } = (typeof given === 'function' ? await given() : given) ?? {};
  const parts = { local, warn, awsEndpoint: aws?.endpoint ?? null };
  const { vault, awsSecretsManager } = secrets ?? {};
  return {
    vault: vault ? await SECRET_STORES.vault.create(vault, parts) : null,
    awsSecretsManager: awsSecretsManager
      ? await SECRET_STORES.awsSecretsManager.create(awsSecretsManager, parts)
      : null,
    keepMs: secrets?.cacheFor ?? KEEP_MS,
  };
}

function refuse(message: string): never {
  throw new Error(message);
}

function notConfigured(provider: string, section: string, operation: string): never {
  throw new ProviderError({
    kind: ProviderErrorKind.Terminal,
    provider,
    operation,
    message: `${section} is not configured; add it to the configuration`,
  });
}
