import { AwsError, accessDenied, escapeXml, xml } from './errors.ts';
import { type PolicyDocument, parsePolicy } from './iam-policy.ts';
import { SandboxRole, sandboxExternalId } from './identities.ts';
import type { AwsCall } from './request.ts';
import type { Principal, Sessions } from './sessions.ts';

const ROLE_ARN = /^arn:aws:iam::(\d{12}):role\/([\w+=,.@-]+)$/;
const NAME = /^[\w+=,.@-]{2,64}$/;
const TAG = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const MIN_SECONDS = 900;
const API_MAX_SECONDS = 43_200;
/** MaxSessionDuration of every sandbox role. */
const ROLE_MAX_SECONDS = 3_600;
const POLICY_LIMIT = 2_048;

/** STS itself: moto's would accept any duration and forget the session policy. */
export function answerSts(call: AwsCall, principal: Principal, context: StsContext): Response {
  switch (call.operation) {
    case 'GetCallerIdentity':
      return result(
        'GetCallerIdentity',
        `<Arn>${principal.arn}</Arn><UserId>AROASANDBOX:${principal.arn.split('/').at(-1)}</UserId><Account>${principal.accountId}</Account>`,
      );
    case 'AssumeRole':
      return assumeRole(call, principal, context);
    default:
      throw accessDenied(principal.arn, `sts:${call.operation}`, '*', 'no identity-based policy allows the action');
  }
}

export interface StsContext {
  readonly sessions: Sessions;
  readonly accountIds: ReadonlySet<string>;
}

function assumeRole(call: AwsCall, principal: Principal, { sessions, accountIds }: StsContext): Response {
  const roleArn = call.params.get('RoleArn') ?? '';
  const sessionName = matching(call, 'RoleSessionName', NAME);
  const sourceIdentity = call.params.has('SourceIdentity') ? matching(call, 'SourceIdentity', NAME) : null;
  const seconds = duration(call);
  const policy = sessionPolicy(call.params.get('Policy'));
  const tags = sessionTags(call);

  const [, accountId = '', roleName = ''] = ROLE_ARN.exec(roleArn) ?? [];
  const role = Object.values(SandboxRole).find((r) => r === roleName);
  const trusted =
    principal.kind === 'user' && role !== undefined && accountIds.has(accountId) && principal.mayAssume.includes(role);
  const knowsSecret = role === SandboxRole.Admin || call.params.get('ExternalId') === sandboxExternalId(accountId);
  if (!trusted || !knowsSecret) {
    throw accessDenied(
      principal.arn,
      'sts:AssumeRole',
      roleArn,
      'no identity-based policy allows the sts:AssumeRole action',
    );
  }
  if (seconds > ROLE_MAX_SECONDS) {
    throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  const session = sessions.issue({
    accountId,
    role,
    sessionName,
    policy,
    sourceIdentity,
    tags,
    expiresAt: Date.now() + seconds * 1000,
  });
  const packed = Math.ceil(((call.params.get('Policy')?.length ?? 0) + JSON.stringify(tags).length) / 41);
  return result(
    'AssumeRole',
    `<Credentials><AccessKeyId>${session.accessKeyId}</AccessKeyId><SecretAccessKey>${session.secretAccessKey}</SecretAccessKey><SessionToken>${session.sessionToken}</SessionToken><Expiration>${new Date(session.expiresAt).toISOString()}</Expiration></Credentials>` +
      `<AssumedRoleUser><AssumedRoleId>AROASANDBOX:${escapeXml(sessionName)}</AssumedRoleId><Arn>arn:aws:sts::${accountId}:assumed-role/${role}/${escapeXml(sessionName)}</Arn></AssumedRoleUser>` +
      `<PackedPolicySize>${packed}</PackedPolicySize>${sourceIdentity ? `<SourceIdentity>${escapeXml(sourceIdentity)}</SourceIdentity>` : ''}`,
  );
}

function duration(call: AwsCall): number {
  const seconds = Number(call.params.get('DurationSeconds') ?? 3600);
  if (!Number.isInteger(seconds) || seconds < MIN_SECONDS) {
    throw invalid(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to ${MIN_SECONDS}`,
    );
  }
  if (seconds > API_MAX_SECONDS) {
    throw invalid(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to ${API_MAX_SECONDS}`,
    );
  }
  return seconds;
}

function sessionPolicy(text: string | null): PolicyDocument | null {
  if (text === null) return null;
  if (text.length > POLICY_LIMIT) {
    throw invalid(
      `1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must have length less than or equal to ${POLICY_LIMIT}`,
    );
  }
  const policy = parsePolicy(text);
  if ('malformed' in policy) throw new AwsError('MalformedPolicyDocument', policy.malformed);
  return policy;
}

function sessionTags(call: AwsCall): Record<string, string> {
  const tags: Record<string, string> = {};
  for (let i = 1; call.params.has(`Tags.member.${i}.Key`); i++) {
    const key = call.params.get(`Tags.member.${i}.Key`) ?? '';
    const value = call.params.get(`Tags.member.${i}.Value`) ?? '';
    if (!TAG.test(key) || !TAG.test(value) || key.length > 128 || value.length > 256 || key === '') {
      throw invalid(`1 validation error detected: Value at 'tags.${i}' failed to satisfy constraint`);
    }
    tags[key] = value;
  }
  if (Object.keys(tags).length > 50) throw invalid('Too many session tags, the limit is 50');
  return tags;
}

function matching(call: AwsCall, name: string, pattern: RegExp): string {
  const value = call.params.get(name) ?? '';
  if (pattern.test(value)) return value;
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  throw invalid(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*, length 2 to 64`,
  );
}

const invalid = (message: string): AwsError => new AwsError('ValidationError', message);

function result(operation: string, inner: string): Response {
  return xml(
    200,
    `<${operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${operation}Result>${inner}</${operation}Result><ResponseMetadata><RequestId>sandbox</RequestId></ResponseMetadata></${operation}Response>`,
  );
}
