import { ProviderError as Failure, type ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import { judge } from '../../http/failure.ts';

const UNAUTHORISED =
  /^(AccessDenied|UnrecognizedClient|InvalidClientTokenId|ExpiredToken|InvalidSignature|SignatureDoesNotMatch|CredentialsProviderError|IncompleteSignature)/;

const HINTS = { provider: 'aws-secrets-manager', unstatedWaitMs: 5_000 };

interface Fault {
  readonly name?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/** The service's message is not passed on, only its code: the reference is in the operation. */
export function mapSecretsManagerError(error: unknown, operation: string, now = Date.now()): ProviderError {
  const { name = 'Error', $metadata, $response } = (error ?? {}) as Fault;
  const status = $metadata?.httpStatusCode;
  const { kind, says } = meaning(name, status);
  return new Failure({
    provider: 'aws-secrets-manager',
    operation,
    ...judge(status ?? 0, $response?.headers ?? {}, { now, hints: HINTS, kind }),
    message: `${name}: ${says}`,
    ...(status === undefined ? {} : { status }),
  });
}

function meaning(name: string, status: number | undefined): { kind: ProviderErrorKind; says: string } {
  if (name === 'ResourceNotFoundException')
    return { kind: ProviderErrorKind.NotFound, says: 'no such secret in this account and region' };
  if (name === 'InvalidRequestException')
    return { kind: ProviderErrorKind.NotFound, says: 'the secret is scheduled for deletion; restore it' };
  if (UNAUTHORISED.test(name))
    return {
      kind: ProviderErrorKind.Unauthorised,
      says: 'not allowed; the identity needs secretsmanager:GetSecretValue on it, and kms:Decrypt on its key',
    };
  if (name === 'DecryptionFailure')
    return { kind: ProviderErrorKind.Unauthorised, says: 'its KMS key cannot be used by this identity' };
  if (name === 'ThrottlingException' || status === 429)
    return { kind: ProviderErrorKind.RetryAfter, says: 'rate limited' };
  if (status === undefined || status >= 500)
    return { kind: ProviderErrorKind.Unavailable, says: 'no usable answer; check secrets.awsSecretsManager' };
  return { kind: ProviderErrorKind.Terminal, says: 'the request was refused; check the reference' };
}
