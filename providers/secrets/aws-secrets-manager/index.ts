import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { AwsSecretsManager as Section } from './section.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import { createRequestHandler } from '../../cloud/aws/request-handler.ts';
import { mapSecretsManagerError } from './errors.ts';

export interface AwsSecretRead {
  /** As it is written in the configuration, for error messages. */
  readonly reference: string;
  /** Name or ARN. */
  readonly name: string;
  /** Key of the JSON text; null for the text as a whole. */
  readonly key: string | null;
}

export interface AwsSecretsManager {
  /** The current version (AWSCURRENT). @throws ProviderError */
  read(what: AwsSecretRead): Promise<string>;
  check(): Promise<string>;
  close(): void;
}

export interface AwsSecretsManagerOptions {
  readonly config: Section;
  /** Used where the section names none of its own; null is AWS itself. */
  readonly endpoint: string | null;
  /** Resolves `env:` and `file:`: what opens the store cannot be in it. */
  readonly local: (reference: string) => Promise<string>;
}

const PROVIDER = 'aws-secrets-manager';
const FIVE_MINUTES_MS = 300_000;

/** AWS Secrets Manager under the process's own identity, or under keys given by reference. */
export function createAwsSecretsManager({ config, endpoint, local }: AwsSecretsManagerOptions): AwsSecretsManager {
  const clients = new Map<string, SecretsManagerClient>();
  const { accessKeyId, secretAccessKey } = config;
  const url = config.endpoint ?? endpoint;
  const credentials =
    accessKeyId && secretAccessKey
      ? async () => ({
          accessKeyId: await local(accessKeyId),
          secretAccessKey: await local(secretAccessKey),
          // Asked for again by and by, so that rotated keys are picked up.
          expiration: new Date(Date.now() + FIVE_MINUTES_MS * 2),
        })
      : undefined;
  const client = (region: string) => {
    const found = clients.get(region);
    if (found) return found;
    const made = new SecretsManagerClient({
      region,
      maxAttempts: 3,
      requestHandler: createRequestHandler(10_000),
      ...(url === null ? {} : { endpoint: url }),
      ...(credentials ? { credentials } : {}),
    });
    clients.set(region, made);
    return made;
  };

  return {
    async read({ reference, name, key }) {
      const operation = `read ${reference}`;
      const answer = await client(regionOf(name) ?? config.region)
        .send(new GetSecretValueCommand({ SecretId: name }))
        .catch((error: unknown) => {
          throw mapSecretsManagerError(error, operation);
        });
      const text = answer.SecretString;
      if (text === undefined || text === '')
        throw bad(operation, 'the secret holds no text; binary secrets are not read');
      return key === null ? text : fieldOf(text, key, operation);
    },
    async check() {
      await client(config.region)
        .send(new ListSecretsCommand({ MaxResults: 1 }))
        .catch((error: unknown) => {
          const mapped = mapSecretsManagerError(error, 'check');
          // Listing is more than a worker needs: being known and not allowed to list is in order.
          if (mapped.kind !== ProviderErrorKind.Unauthorised || !/AccessDenied/.test(mapped.message)) throw mapped;
        });
      return `AWS Secrets Manager in ${config.region} answers`;
    },
    close() {
      for (const made of clients.values()) made.destroy();
    },
  };
}

/** The region of an ARN; a name has none. */
function regionOf(name: string): string | null {
  return /^arn:[^:]+:secretsmanager:([^:]+):/.exec(name)?.[1] ?? null;
}

function fieldOf(text: string, key: string, operation: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The parser's message would quote the secret.
    throw bad(operation, `the secret is not JSON; leave out #${key} to use it as it is`);
  }
  const value =
    typeof parsed === 'object' && parsed !== null && Object.hasOwn(parsed, key)
      ? (parsed as Record<string, unknown>)[key]
      : undefined;
  if (typeof value === 'string' && value !== '') return value;
  const found = value === undefined ? 'missing' : value === '' ? 'empty' : 'not text';
  throw bad(operation, `the key ${key} is ${found}; write it, or correct the reference`);
}

function bad(operation: string, message: string): ProviderError {
  return new ProviderError({ kind: ProviderErrorKind.NotFound, provider: PROVIDER, operation, message });
}
