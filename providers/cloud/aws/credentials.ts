import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { AwsIdentity } from './section.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { askAgain } from '../../http/again.ts';
import { createTokenCache } from '../../http/tokens.ts';
import { mapAwsError } from './errors.ts';

/** Temporary or permanent AWS credentials. Lives in memory only. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export interface AssumeRequest {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly externalId?: string;
  readonly sourceIdentity?: string;
  /** Inline session policy; permissions become the intersection with the role's own. */
  readonly policy?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Tag keys that stay with the session when it assumes a further role. */
  readonly transitiveTagKeys?: readonly string[];
}

/** The keys an identity names. Throws a terminal ProviderError when it names none: the schema asks for them. */
export async function keysOf(identity: AwsIdentity, secrets: SecretsPort): Promise<AwsCredentials> {
  const { accessKeyId, secretAccessKey, sessionToken } = identity;
  if (!accessKeyId || !secretAccessKey)
    throw new ProviderError({
      kind: ProviderErrorKind.Terminal,
      provider: 'aws',
      operation: 'credentials',
      message: 'the identity has neither keys nor vaultAwsRole; add accessKeyId and secretAccessKey',
    });
  return {
    accessKeyId: await secrets.resolve(accessKeyId),
    secretAccessKey: await secrets.resolve(secretAccessKey),
    ...(sessionToken ? { sessionToken: await secrets.resolve(sessionToken) } : {}),
  };
}

/** One AssumeRole call. Throws ProviderError; the answer is checked for completeness before it is used. */
export async function assumeRole(sts: STSClient, request: AssumeRequest): Promise<Required<AwsCredentials>> {
  const ask = () =>
    sts
      .send(
        new AssumeRoleCommand({
          RoleArn: request.roleArn,
          RoleSessionName: request.sessionName,
          DurationSeconds: request.durationSeconds,
          ExternalId: request.externalId,
          SourceIdentity: request.sourceIdentity,
          Policy: request.policy,
          TransitiveTagKeys: request.transitiveTagKeys && [...request.transitiveTagKeys],
          Tags: request.tags && Object.entries(request.tags).map(([Key, Value]) => ({ Key, Value })),
        }),
      )
      .catch((error: unknown) => {
        throw mapAwsError(error, `sts:AssumeRole ${request.roleArn}`);
      });
  // A role, or the trust in us, that was made a moment ago is not known everywhere yet. Nothing is done by asking.
  const answer = await askAgain(ask, { passing: (error) => error.kind === ProviderErrorKind.Unauthorised });
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new ProviderError({
      kind: ProviderErrorKind.Malformed,
      provider: 'aws',
      operation: 'sts:AssumeRole',
      message: 'the answer holds no complete credentials',
    });
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}

/** Keeps what `load` returns until `earlyMs` before it expires; concurrent callers share one load; a failure is not kept. */
export function cachedCredentials(
  load: () => Promise<AwsCredentials>,
  { earlyMs = 300_000, clock = Date.now }: { readonly earlyMs?: number; readonly clock?: () => number } = {},
): () => Promise<AwsCredentials> {
  const ask = async () => {
    const token = await load();
    return { token, lifeMs: token.expiration ? token.expiration.getTime() - clock() : Infinity };
  };
  const cache = createTokenCache<AwsCredentials>({ clock, ask, earlyMs });
  return () => cache.get();
}
